import { defineCheck } from '../../../core/check.ts';
import { stateOf } from '../../../core/timeline.ts';
import { samplesAfter, seconds, withoutOrder } from '../drain.ts';

export const drainLivenessCheck = defineCheck({
  id: 'lifecycle/drain-liveness',
  title: 'Liveness stays well while the service drains',
  severity: 'warning',
  why: 'A service that answers its last requests is alive. Where liveness fails meanwhile, whoever watches it kills the process in the middle of the answers that it was about to finish.',
  how: 'While the service stops (--drain-pid, --drain-command) its liveness endpoint is asked ten times a second. Every answer before the port closes must be a success.',
  fix: 'Let only readiness know of the drain; liveness answers 200 until the port closes.',
  verify:
    'Run kill -TERM PID and at once: while curl -s -o /dev/null -w "%{http_code}\\n" http://HOST/health/live; do sleep 0.1; done. No line may be other than 200.',
  references: ['https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination'],
  needs: ['drainRun'],
  evaluate: ({ drainRun: run }) => {
    const subject = 'liveness while stopping';
    const unseen = withoutOrder(run, subject);
    if (unseen !== undefined) return [unseen];
    const about = { subject, where: { request: run.live }, expected: 'a success until the port closes' };
    const closedMs = run.portClosedMs ?? Number.POSITIVE_INFINITY;
    // Whether a connection that broke off was a fault is judged by lifecycle/drain-requests.
    const answered = samplesAfter(run, 'liveness').filter(
      ({ status, words, atMs }) => status !== undefined || (words === 'too slow' && atMs < closedMs),
    );
    const ill = answered.filter(({ status }) => status === undefined || status < 200 || status >= 400);
    const [first] = ill;
    if (first !== undefined)
      return [
        {
          ...about,
          outcome: 'fail',
          message: `Liveness failed during the drain: ${ill.length} of ${answered.length} answers were no success.`,
          observed: `${stateOf(first)}, ${seconds(first.atMs - run.orderedMs)} after the order`,
        },
      ];
    return [
      answered.length === 0
        ? {
            ...about,
            outcome: 'not-applicable',
            message: 'The port closed before liveness could be asked; lifecycle/drain-order judges that.',
          }
        : {
            ...about,
            outcome: 'pass',
            message: 'Liveness stayed well.',
            observed: `${answered.length} answers after the order, all of them successes`,
          },
    ];
  },
});
