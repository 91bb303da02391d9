import { defineCheck } from '../../../core/check.ts';
import { seconds, withoutOrder } from '../drain.ts';

export const drainExitCheck = defineCheck({
  id: 'lifecycle/drain-exit',
  title: 'The process ends within its grace period',
  severity: 'error',
  why: 'What has not ended when the grace period is over is killed, with whatever it has not written yet; and until then every rollout and every node drain waits for it.',
  how: 'With --drain-pid the process must be gone within --grace seconds after SIGTERM, which is terminationGracePeriodSeconds less what a preStop hook takes. With --drain-command the process cannot be seen, so the port must have closed by then.',
  fix: 'Handle SIGTERM, also as process 1, bound the wait for open answers, end idle and endless connections, and exit.',
  verify: 'Run kill -TERM PID and time tail --pid=PID -f /dev/null.',
  references: [
    'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination',
    'https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/',
  ],
  needs: ['drainRun'],
  evaluate: ({ drainRun: run }) => {
    const subject = run.watchesProcess ? 'the end of the process' : 'the end of the service';
    const unseen = withoutOrder(run, subject);
    if (unseen !== undefined) return [unseen];
    const about = {
      subject,
      where: { request: run.order },
      expected: `within ${seconds(run.graceMs)} after the order`,
    };
    const endMs = run.watchesProcess ? run.exitedMs : run.portClosedMs;
    if (endMs === undefined)
      return [
        run.watchesProcess
          ? {
              ...about,
              outcome: 'fail',
              message: 'The process did not end: the kubelet would have killed it.',
              observed: `still there ${seconds(run.graceMs)} after the order`,
            }
          : {
              ...about,
              outcome: 'unknown',
              message: 'The port never closed: perhaps other replicas answer there, or the service did not stop.',
            },
      ];
    const tookMs = endMs - run.orderedMs;
    const what = run.watchesProcess ? 'process ended' : 'port closed';
    return [
      {
        ...about,
        outcome: tookMs <= run.graceMs ? 'pass' : 'fail',
        message:
          tookMs <= run.graceMs
            ? `The ${what} in time.`
            : `The ${what} only after ${seconds(tookMs)}: the kubelet would have killed it before.`,
        observed: `${what} ${seconds(tookMs)} after the order`,
      },
    ];
  },
});
