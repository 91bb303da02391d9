import { resolve } from 'node:path';
import { reasonOf, UserError } from '../core/errors.ts';
import type { GivenAnswers } from '../scaffold/answers.ts';
import { answersOfCluster } from '../scaffold/cluster-answers.ts';
import { type ClusterAccess, loadAccess } from '../sources/cluster/kubeconfig.ts';
import { observeOffer } from '../sources/cluster/observe-offer.ts';
import type { InitOptions } from './init.ts';
import type { Io } from './io.ts';

/** A person waits for it. */
const DEADLINE_MS = 2000;

type Choice = Pick<InitOptions, 'kubeconfig' | 'context'>;

/** What the cluster of the kubeconfig tells, to a person who wants it looked at: refused where it tells nothing. */
export async function answersOfNamedCluster(choice: Choice, io: Io): Promise<GivenAnswers> {
  const access = await accessTo(choice, io);
  return lookAt(access, io).catch((error) => {
    throw new UserError(`${silenceOf(access, error)}.`, {
      hint: 'Without --cluster and --context, nothing is asked of it.',
      cause: error,
    });
  });
}

/** The same for somebody who is asked first, and who goes on whatever becomes of it. */
export async function answersOfCurrentCluster(
  io: Io,
  isWanted: (context: string) => Promise<boolean>,
): Promise<GivenAnswers> {
  let access: ClusterAccess;
  try {
    access = await accessTo({}, io);
  } catch (error) {
    // Most people who begin have no cluster yet.
    if (error instanceof UserError) return {};
    throw error;
  }
  if (!(await isWanted(access.contextName))) return {};
  return lookAt(access, io).catch((error) => {
    io.stderr.write(`${silenceOf(access, error)}. The defaults are those of a cluster that nobody knows.\n`);
    return {};
  });
}

function accessTo({ kubeconfig, context }: Choice, { cwd, env }: Io): Promise<ClusterAccess> {
  return loadAccess(
    {
      ...(kubeconfig === undefined ? {} : { kubeconfig: resolve(cwd, kubeconfig) }),
      ...(context === undefined ? {} : { context }),
    },
    env,
  );
}

async function lookAt(access: ClusterAccess, { signal }: Io): Promise<GivenAnswers> {
  return answersOfCluster(await observeOffer(access, AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)])));
}

function silenceOf({ contextName, server }: ClusterAccess, error: unknown): string {
  const isLate = error instanceof Error && error.cause instanceof Error && error.cause.name === 'AbortError';
  const reason = isLate ? `no answer within ${DEADLINE_MS / 1000} s` : reasonOf(error);
  return `The cluster of the context ${contextName} (${server}) could not be looked at: ${reason.replace(/\.$/, '')}`;
}
