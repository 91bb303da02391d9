import type { Comparison } from './compare.ts';

/** A way in which `validate` and the server disagree for good, with its reason. */
export interface KnownDisagreement {
  readonly reason: string;
  /** Whether this comparison is of this kind. */
  fits(comparison: Comparison): boolean;
}

const serverNames =
  (pattern: RegExp) =>
  ({ answer }: Comparison): boolean =>
    answer.paths.some((path) => pattern.test(path));

const SELECTING = ['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'];

/** Everything that we know to disagree; a disagreement that fits none of them is a fault of ours. */
export const KNOWN_DISAGREEMENTS: readonly KnownDisagreement[] = [
  {
    reason:
      'Without a selector the server also says that it does not match the labels of the template, and for a DaemonSet only that. We name the selector alone, which is what has to be written.',
    fits: ({ specimen: { object }, answer, opinion }) =>
      answer.paths.includes('spec.template.metadata.labels') &&
      opinion.paths.some((path) => path === 'spec.selector' || path === 'spec') &&
      SELECTING.includes(String(object.kind)),
  },
  {
    reason:
      'The server makes a name of a generateName before it judges, and refuses that too. We name generateName alone.',
    fits: serverNames(/^metadata\.generateName$/),
  },
  {
    reason:
      'The server copies the name of a Job or a Namespace into a label before it judges, and refuses that too, or in its place. We name the name.',
    fits: (comparison) =>
      ['Job', 'Namespace'].includes(String(comparison.specimen.object.kind)) &&
      serverNames(/^(?:spec\.template\.labels|metadata\.labels)$/)(comparison) &&
      comparison.opinion.paths.includes('metadata.name'),
  },
  {
    reason:
      'The server reads a quantity that is only a suffix, such as Gi, as zero, and goes on to compare it. We name the quantity, which nobody means so.',
    fits: ({ specimen: { object }, answer, opinion }) =>
      /"(?:[KMGTPE]i?)"/.test(JSON.stringify(object)) && !answer.accepted && !opinion.accepted,
  },
  {
    reason:
      'In a Pod the server copies limits into requests that are missing before it judges, and refuses both. We name the limit, which is what is written.',
    fits: ({ specimen: { object }, answer, opinion }) =>
      object.kind === 'Pod' &&
      answer.paths.some((path) => /resources\.requests\[/.test(path)) &&
      opinion.paths.some((path) => /resources\.limits/.test(path)),
  },
  {
    reason:
      'The server gives equal ports of a Service the same node port before it judges, and refuses that too. We name the port.',
    fits: serverNames(/^spec\.ports\[\d+\]\.nodePort$/),
  },
  {
    reason: 'The server fills in a targetPort from a port that is zero, and refuses both. We name the port.',
    fits: serverNames(/^spec\.ports\[\d+\]\.targetPort$/),
  },
  {
    reason:
      'The server stops at a path of an Ingress without its pathType. We go on and say that the backend is missing as well.',
    fits: serverNames(/\.pathType$/),
  },
];
