import { defineCheck } from '../../../core/check.ts';
import { readinessSaidNoMs, seconds, withoutOrder } from '../drain.ts';

export const drainOrderCheck = defineCheck({
  id: 'lifecycle/drain-order',
  title: 'Readiness says no before the port closes',
  severity: 'error',
  why: 'Balancers and proxies learn late that a Pod stops. If its port closes before they know, whatever they still send is refused, at every rollout.',
  how: 'With --drain-pid or --drain-command the service is told to stop while its readiness is asked ten times a second over a kept connection, and its port is knocked at. Readiness must answer 503 before the first connection is refused.',
  fix: 'On SIGTERM turn readiness to 503 at once and keep taking connections for some seconds, by a delay of the service or a preStop hook; then close the port.',
  verify:
    'Run kill -TERM PID and at once: while curl -s -o /dev/null -w "%{http_code}\\n" http://HOST/health/ready; do sleep 0.1; done. 503 must appear before the connection is refused.',
  references: [
    'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination',
    'https://kubernetes.io/docs/tutorials/services/pods-and-endpoint-termination-flow/',
  ],
  needs: ['drainRun'],
  evaluate: ({ drainRun: run }) => {
    const subject = 'readiness while stopping';
    const unseen = withoutOrder(run, subject);
    if (unseen !== undefined) return [unseen];
    const about = { subject, where: { request: run.ready }, expected: '503, and only then a closed port' };
    const noMs = readinessSaidNoMs(run);
    const { portClosedMs, orderedMs } = run;
    if (noMs === undefined && portClosedMs === undefined)
      return [
        run.watchesProcess
          ? {
              ...about,
              outcome: 'fail',
              message: 'Nothing happened after the order to stop: readiness stayed as it was and the port stayed open.',
              observed: `no change within ${seconds(run.graceMs)}`,
            }
          : {
              ...about,
              outcome: 'unknown',
              message: 'Behind this URL nothing was seen to stop: perhaps other replicas answered.',
            },
      ];
    if (noMs === undefined || (portClosedMs !== undefined && portClosedMs < noMs))
      return [
        {
          ...about,
          outcome: 'fail',
          message: 'The port closed before readiness said no: what balancers still send is refused.',
          observed: `port closed ${seconds((portClosedMs ?? orderedMs) - orderedMs)} after the order, ${noMs === undefined ? 'readiness never said no' : `readiness said no after ${seconds(noMs - orderedMs)}`}`,
        },
      ];
    return [
      {
        ...about,
        outcome: 'pass',
        message:
          portClosedMs === undefined
            ? 'Readiness said no, and the port stayed open.'
            : `Readiness said no ${seconds(portClosedMs - noMs)} before the port closed.`,
        observed: `readiness said no ${seconds(noMs - orderedMs)} after the order`,
      },
    ];
  },
});
