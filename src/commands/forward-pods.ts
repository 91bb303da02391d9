import { resolve } from 'node:path';
import { type ForwardedPort, forwardPort, type PodAddress } from '../sources/cluster/forward-port.ts';
import type { Io } from './io.ts';
import type { EndpointChoice } from './probe.ts';

/** Pods that a person named, and how a URL that leads to one is probed. */
export interface PodChoice {
  readonly addresses: readonly PodAddress[];
  readonly kubeconfig?: string;
  readonly context?: string;
  choiceOf(url: string): EndpointChoice;
}

/** Lets `act` probe pods as long as their ports are forwarded. Throws UserError where one cannot be reached. */
export async function withForwardedPods<T>(
  { addresses, kubeconfig, context, choiceOf }: PodChoice,
  io: Io,
  act: (choices: readonly EndpointChoice[]) => Promise<T>,
): Promise<T> {
  const open: ForwardedPort[] = [];
  try {
    for (const address of addresses)
      open.push(
        await forwardPort(
          address,
          {
            ...(kubeconfig === undefined ? {} : { kubeconfig: resolve(io.cwd, kubeconfig) }),
            ...(context === undefined ? {} : { context }),
            env: io.env,
            isInteractive: io.terminal !== undefined,
          },
          io.signal,
        ),
      );
    return await act(open.map(({ url, shown }) => ({ ...choiceOf(url), shown })));
  } finally {
    for (const { shown, complaint } of open)
      if (complaint() !== undefined) io.stderr.write(`${shown} could not be reached by its node: ${complaint()}.\n`);
    await Promise.all(open.map((port) => port.close()));
  }
}
