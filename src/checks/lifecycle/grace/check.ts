import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Container } from '../../../core/objects.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import { containersOf, type Workload } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';

const DEFAULT_GRACE_SECONDS = 30;

export const graceCheck = defineCheck({
  id: 'lifecycle/grace',
  title: 'A pod that is told to stop has the time to finish its answers',
  severity: 'warning',
  why: 'When the grace period is over the kubelet kills the process, and every answer that is still being written is cut in the middle. Answers of a language model take long.',
  how: 'terminationGracePeriodSeconds, 30 where it is not written, is at least the sleep of the longest preStop hook plus longestAnswerSeconds of the configuration, since the grace period runs while the hook does.',
  fix: 'Raise terminationGracePeriodSeconds to the sum that is shown, or declare a shorter longestAnswerSeconds that the service really enforces.',
  mends: 'terminationGracePeriodSeconds with the sum that is shown.',
  verify: "kubectl get deployment NAME -o jsonpath='{.spec.template.spec.terminationGracePeriodSeconds}'",
  references: [
    'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination',
    'https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/#hook-handler-execution',
  ],
  needs: ROLE_FACTS,
  evaluate: (facts, settings) =>
    orNotApplicable(
      playing('service', rolesOf(facts, settings)).map((workload) => judge(workload, settings.longestAnswerSeconds)),
      'No workload takes traffic through a Service.',
    ),
});

function judge(workload: Workload, longestAnswerSeconds: number): Verdict {
  const { resource, spec, specPath } = workload;
  const sleeps = containersOf(workload).map(({ container }) => preStopSeconds(container));
  const drain = Math.max(0, ...sleeps);
  const grace = spec.terminationGracePeriodSeconds;
  const needed = drain + longestAnswerSeconds;
  const subject = resource.ref;
  const where = resource.locate([...specPath, 'terminationGracePeriodSeconds']);
  const observed = `${grace ?? `${DEFAULT_GRACE_SECONDS} (the default)`} s, preStop takes ${drain} s of it`;
  return (grace ?? DEFAULT_GRACE_SECONDS) >= needed
    ? { outcome: 'pass', subject, message: 'An answer that has begun can be finished.', where, observed }
    : {
        outcome: 'fail',
        subject,
        message: 'The grace period ends before the longest answer does.',
        where,
        observed,
        expected: `at least ${needed} s: ${drain} s of preStop and ${longestAnswerSeconds} s for the longest answer`,
        mend: {
          resource,
          changes: [{ do: 'set', path: [...specPath, 'terminationGracePeriodSeconds'], value: Math.ceil(needed) }],
        },
      };
}

/** The hook's own sleep, or the sleep that a command of it begins with. */
function preStopSeconds({ lifecycle }: Container): number {
  const { sleep, exec } = lifecycle?.preStop ?? {};
  if (sleep != null) return sleep.seconds ?? 0;
  const written = /\bsleep\s+(\d+(?:\.\d+)?)(s|m)?\b/.exec((exec?.command ?? []).join(' '));
  return written === null ? 0 : Number(written[1]) * (written[2] === 'm' ? 60 : 1);
}
