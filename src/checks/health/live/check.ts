import { defineCheck } from '../../../core/check.ts';
import { judgeHealthEndpoint } from '../judge-endpoint.ts';

export const healthLiveCheck = defineCheck({
  id: 'health/live',
  title: 'The liveness endpoint answers as the kubelet expects',
  severity: 'error',
  why: 'The kubelet restarts a container whose liveness probe fails. An endpoint that is missing, slow, redirected or behind authentication leads to restarts of a process that was well, or hides one that was not.',
  how: 'The declared path, then the common ones, are asked with GET four times, once with HEAD and once with PROPFIND. Every GET must bring 200 to 299 within one second (none at all is a failure too, where the rest of the service answers), without a redirect and without credentials, a small body whose status word agrees with the code, and headers that forbid caching. Once more it is asked as the kubelet asks, without credentials and with redirects within the host followed: 200 to 399 within the timeout is a success, a redirect within the host a note and one to another host a warning. What becomes of a pod that answers so is told for the probes of the settings.',
  fix: 'Serve GET and HEAD on /health/live from memory: status 200, a short body such as {"status":"pass"}, Cache-Control: no-store, no cookie, no redirect, no authentication; refuse other methods with 405.',
  verify: 'Run curl -si http://HOST/health/live and read the status, the headers and the time.',
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
    'https://datatracker.ietf.org/doc/html/draft-inadarei-api-health-check-05',
  ],
  needs: ['liveEndpoint'],
  evaluate: ({ liveEndpoint }, { probes, declaredProbes }) =>
    judgeHealthEndpoint('liveness', liveEndpoint, declaredProbes?.liveness ?? probes),
});
