import { defineCheck, type Verdict } from '../../../core/check.ts';
import { isDependency, readHealthBody } from '../health-body.ts';
import { isSuccess } from '../judge-endpoint.ts';

export const healthLiveIndependentCheck = defineCheck({
  id: 'health/live-independent',
  title: 'Liveness does not depend on anything outside the process',
  severity: 'error',
  why: 'A liveness probe that fails with the database restarts every replica during an outage of the database, and the back-off of those restarts prolongs the outage after the database is back.',
  how: 'The body of the liveness endpoint must not name a database, a queue, a model or another dependency, and liveness must not be the readiness endpoint under another name. A body that names none passes; only an outage can prove the rest.',
  fix: 'Let the liveness endpoint answer from memory, and move every look at a dependency to the readiness endpoint.',
  verify:
    'Run curl -s http://HOST/health/live: no dependency may appear. Stop the database in a test environment: the answer must stay 200.',
  references: [
    'https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/',
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
  ],
  needs: ['liveEndpoint', 'readyEndpoint'],
  evaluate: ({ liveEndpoint, readyEndpoint }) => {
    const [live] = liveEndpoint.samples;
    const [ready] = readyEndpoint.samples;
    if (live === undefined || !isSuccess(live.status))
      return [
        {
          outcome: 'not-applicable',
          subject: 'liveness endpoint',
          message: 'There is no successful answer to judge; health/live says why.',
        },
      ];
    const about = {
      subject: `liveness endpoint ${liveEndpoint.path}`,
      where: { request: live.request },
      expected: 'no dependency in the body',
    };
    const { components } = readHealthBody(live);
    const dependencies = components.filter(isDependency);
    const observed =
      components.length === 0 ? 'the body names no component' : `the body names ${components.join(', ')}`;
    const named: Verdict =
      dependencies.length > 0
        ? {
            ...about,
            outcome: 'fail',
            message: `Liveness looks at ${dependencies.join(', ')}: an outage there restarts this service.`,
            observed,
          }
        : { ...about, outcome: 'pass', message: 'The liveness endpoint names no dependency.', observed };
    const shared = ready !== undefined && isSuccess(ready.status) && liveEndpoint.path === readyEndpoint.path;
    if (!shared) return [named];
    return [
      named,
      {
        outcome: 'fail',
        severity: 'warning',
        subject: 'liveness and readiness',
        message: `One path, ${liveEndpoint.path}, answers for both: what takes the service out of traffic then also restarts it.`,
        observed: `liveness and readiness are both ${liveEndpoint.path}`,
        expected: 'two endpoints',
        where: { request: ready.request },
      },
    ];
  },
});
