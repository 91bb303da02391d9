import type { Command } from 'commander';
import type { PodChoice } from '../commands/forward-pods.ts';
import { UserError } from '../core/errors.ts';
import { collect } from './values.ts';

/** Pods to probe, as commander gives them. */
export interface RawPods {
  readonly pod: readonly string[];
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
}

export function podOptions(command: Command): Command {
  return command
    .optionsGroup('Pods:')
    .option(
      '--pod <name:port>',
      'a pod, which is reached through the API server; without a port its only one, or the one called http; may be repeated',
      collect,
      [],
    )
    .option('-n, --namespace <name>', "the namespace of the pods (default: the context's own)")
    .option('--kubeconfig <file>', 'the kubeconfig that leads to the pods (default: KUBECONFIG or ~/.kube/config)')
    .option('--context <name>', 'a context of the kubeconfig (default: its current one)')
    .optionsGroup('');
}

export function podChoice({ pod, kubeconfig, context, namespace }: RawPods): Omit<PodChoice, 'choiceOf'> {
  const stray = Object.entries({ namespace, kubeconfig, context }).find(([, value]) => value !== undefined);
  if (pod.length === 0 && stray !== undefined)
    throw new UserError(`--${stray[0]} says where a pod is, and no pod is named.`, { hint: 'Name one with --pod.' });
  return {
    addresses: pod.map((text) => {
      const [, name, port] = /^([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(\d{1,5}))?$/.exec(text) ?? [];
      if (name === undefined || Number(port ?? 1) < 1 || Number(port ?? 1) > 65_535)
        throw new UserError(`--pod ${text} is not of the form NAME or NAME:PORT.`, {
          hint: 'Write it as: --pod qna-6c5d8f7b9-x2x7k:8080.',
        });
      return {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        ...(port === undefined ? {} : { port: Number(port) }),
      };
    }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
  };
}
