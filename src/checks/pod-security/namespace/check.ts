import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Resource } from '../../../core/resource.ts';
import { WORKLOAD_FACTS, workloadsOf } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';

const LABELS = 'pod-security.kubernetes.io';

export const namespaceCheck = defineCheck({
  id: 'pod-security/namespace',
  title: "The namespace admits only pods that meet the standard 'restricted'",
  // What the pods are is judged by itself; a namespace that enforces nothing makes none of them worse.
  severity: 'note',
  why: 'The pods of today may well be restricted. What is applied tomorrow, by a chart or a hand in a hurry, is held to that only where the namespace enforces it.',
  how: `Each namespace that holds a workload and is looked at has the label ${LABELS}/enforce with the level restricted. Another level, or none, is a note: what the pods are is judged by pod-security/restricted, and a policy engine or the API server's own configuration can enforce the same without a label.`,
  fix: `See first what would be refused: kubectl label --dry-run=server --overwrite namespace NAME ${LABELS}/enforce=restricted. Then write the label into the manifest of the namespace.`,
  verify: 'kubectl get namespace NAME --show-labels',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-admission/',
    'https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-namespace-labels/',
  ],
  only: ['cluster'],
  needs: [...WORKLOAD_FACTS, 'namespaces'],
  evaluate: (facts) => {
    const inhabited = new Set(workloadsOf(facts).map(({ resource }) => resource.object.metadata?.namespace));
    return orNotApplicable(
      facts.namespaces.filter(({ object }) => inhabited.has(object.metadata?.name)).map(judge),
      'No namespace that is looked at holds a workload.',
    );
  },
});

function judge({ object, ref: subject, locate }: Resource): Verdict {
  const labels = object.metadata?.labels ?? {};
  const level = labels[`${LABELS}/enforce`];
  const where = locate(['metadata', 'labels', `${LABELS}/enforce`]);
  const version = labels[`${LABELS}/enforce-version`] ?? 'latest';
  if (level === 'restricted')
    return {
      outcome: 'pass',
      subject,
      message: "The namespace admits only pods that meet 'restricted'.",
      where,
      observed: `enforce restricted, version ${version}`,
    };
  const milder = ['warn', 'audit'].flatMap((mode) => {
    const set = labels[`${LABELS}/${mode}`];
    return set === undefined ? [] : [`${mode} ${set}`];
  });
  return {
    outcome: 'fail',
    subject,
    message:
      level === undefined
        ? 'The namespace has no label that says which pods it admits, so it admits what the cluster does by default.'
        : `The namespace admits pods of the level ${level}.`,
    where,
    observed: [level === undefined ? 'no enforce' : `enforce ${level}`, ...milder].join(', '),
    expected: 'enforce restricted',
  };
}
