import { defineCheck } from '../../../core/check.ts';
import { readinessSaidNoMs, seconds, withoutOrder } from '../drain.ts';

export const drainConnectionsCheck = defineCheck({
  id: 'lifecycle/drain-connections',
  title: 'Late answers close their connections',
  severity: 'warning',
  why: 'A balancer keeps its connections. As long as a stopping service leaves them open, requests come over them that nobody wanted to send there, and the process waits for connections instead of answers.',
  how: 'While the service stops (--drain-pid, --drain-command), each answer to a request that was sent after readiness said no must carry Connection: close. Asked over HTTP/1.1.',
  fix: 'Set Connection: close on every answer from the moment of SIGTERM, and close idle connections when the port closes.',
  verify: 'Run kill -TERM PID and at once curl -si http://HOST/health/live: the answer must carry Connection: close.',
  references: [
    'https://www.rfc-editor.org/rfc/rfc9112#section-9.6',
    'https://nodejs.org/api/http.html#servercloseidleconnections',
  ],
  needs: ['drainRun'],
  evaluate: ({ drainRun: run }) => {
    const subject = 'late answers';
    const unseen = withoutOrder(run, subject);
    if (unseen !== undefined) return [unseen];
    const noMs = readinessSaidNoMs(run);
    const late = run.requests.filter(
      ({ status, sentMs }) => status !== undefined && noMs !== undefined && sentMs >= noMs,
    );
    const about = { subject, where: { request: run.ready }, expected: 'Connection: close' };
    if (late.length === 0)
      return [
        {
          ...about,
          outcome: 'not-applicable',
          message: 'There was no answer to a request that was sent after readiness had said no.',
        },
      ];
    const kept = late.filter(({ connection }) => !/\bclose\b/.test(connection ?? ''));
    const [first] = kept;
    return [
      first === undefined
        ? {
            ...about,
            outcome: 'pass',
            message: 'Every late answer closes its connection.',
            observed: `${late.length} late answers`,
          }
        : {
            ...about,
            outcome: 'fail',
            message: `${kept.length} of ${late.length} late answers leave their connection open.`,
            observed: `Connection: ${first.connection ?? '(none)'}, ${seconds(first.sentMs - run.orderedMs)} after the order`,
          },
    ];
  },
});
