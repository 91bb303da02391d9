import { defineCheck } from '../../../core/check.ts';
import { judgeHealthEndpoint } from '../judge-endpoint.ts';

export const healthReadyCheck = defineCheck({
  id: 'health/ready',
  title: 'The readiness endpoint says that the service can take traffic',
  severity: 'error',
  why: 'A pod gets traffic only while its readiness probe succeeds. Without a readiness endpoint, requests reach a process that has not connected to its database yet, or that is shutting down.',
  how: 'The declared path, then the common ones, are asked with GET four times, once with HEAD and once with PROPFIND. Every GET must bring 200 to 299 within one second (none at all is a failure too, where the rest of the service answers), without a redirect and without credentials, a small body whose status word agrees with the code, and headers that forbid caching. Once more it is asked as the kubelet asks, without credentials and with redirects within the host followed: 200 to 399 within the timeout is a success, a redirect within the host a note and one to another host a warning. What becomes of a pod that answers so is told for the probes of the settings. A service that says 503 now is not ready now, which is a failure too.',
  fix: 'Serve GET and HEAD on /health/ready: ask the database over a connection of its own with a budget below the timeout of the probe, answer 200 or 503 with a short body, Cache-Control: no-store, no cookie, no redirect, no authentication; refuse other methods with 405.',
  verify: 'Run curl -si http://HOST/health/ready and read the status, the headers and the time.',
  references: [
    'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes',
    'https://datatracker.ietf.org/doc/html/draft-inadarei-api-health-check-05',
  ],
  needs: ['readyEndpoint'],
  evaluate: ({ readyEndpoint }, { probes, declaredProbes }) =>
    judgeHealthEndpoint('readiness', readyEndpoint, declaredProbes?.readiness ?? probes),
});
