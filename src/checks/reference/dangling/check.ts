import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import { EDGE_FACTS, type Edge, edgesOf } from '../../../kubernetes/references/edges.ts';
import { orNotApplicable } from '../../verdicts.ts';

export const danglingCheck = defineCheck({
  id: 'reference/dangling',
  title: 'What an object names or selects exists',
  severity: 'error',
  why: 'The API server accepts a name that leads nowhere and a selector that matches nothing. The pod waits for its claim, the budget protects nobody, the policy isolates nobody, the monitor scrapes nothing, and each object looks well by itself.',
  how: 'Each claim that a pod mounts and each Service that a StatefulSet names exists in its namespace. Each PodDisruptionBudget, NetworkPolicy, ServiceMonitor and PodMonitor selects something of the input, and a monitor names a port that is there; an empty selector means all and always leads somewhere. Each Gateway that a route names exists, which is a note, since it often belongs to somebody else. Settings, ServiceAccounts, backends, autoscalers and certificates have checks of their own.',
  fix: 'Correct the name or the labels, or take the object away that selects nothing.',
  verify: 'kubectl get pods,services -l SELECTOR; kubectl get pvc',
  references: [
    'https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/',
    'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#claims-as-volumes',
  ],
  needs: EDGE_FACTS,
  evaluate: (facts) => orNotApplicable(edgesOf(facts).map(judge), 'No object names or selects another one.'),
});

function judge({ from, path, target, found, severity, consequence }: Edge): Verdict {
  const base = { subject: `${from.ref} ${target}`, where: from.locate(path) };
  if (found !== undefined)
    return { ...base, outcome: 'pass', message: 'It leads to what exists.', observed: `${target}: ${found}` };
  return {
    ...base,
    outcome: 'fail',
    severity,
    message: consequence,
    observed: `nothing for ${target}`,
    expected: target,
  };
}
