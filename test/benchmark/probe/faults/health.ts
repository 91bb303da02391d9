import { health } from '../base-service.ts';
import type { Fault } from '../fault.ts';
import type { Part, Service } from '../service.ts';
import { changing, withHeaders } from './changes.ts';

const LIVE = '2.1';
const READY = '2.2';

const answer =
  (status: number, body = '', headers: Readonly<Record<string, string>> = {}): Part =>
  () => ({ status, headers: { 'cache-control': 'no-store', ...headers }, body });

/** Only the first answer is late: one is enough to fail a probe, and the benchmark waits no longer than that. */
function onceAfter(part: Part, ms: number): Part {
  let isFirst = true;
  return changing(part, (given) => {
    const late = isFirst;
    isFirst = false;
    return late ? { ...given, afterMs: ms } : given;
  });
}

function alternating(one: Part, other: Part): Part {
  let turn = 0;
  return (...asked) => (turn++ % 2 === 0 ? one : other)(...asked);
}

const live = (part: Part) => (base: Service) => ({ ...base, live: part });
const ready = (part: Part) => (base: Service) => ({ ...base, ready: part });

/** Health endpoints that mislead the kubelet, a load balancer or whoever looks. */
export const HEALTH_FAULTS: readonly Fault[] = [
  {
    name: 'liveness-hangs',
    tells: 'The liveness endpoint never answers.',
    item: LIVE,
    check: 'health/live',
    says: /The liveness endpoint gives no answer/,
    breaks: live(() => 'silence'),
    args: ['--timeout', '2'],
  },
  {
    name: 'readiness-hangs',
    tells: 'The readiness endpoint waits for a database without a limit.',
    item: READY,
    check: 'health/ready',
    says: /The readiness endpoint gives no answer/,
    breaks: ready(() => 'silence'),
    args: ['--timeout', '2'],
  },
  {
    name: 'readiness-breaks-off',
    tells: 'The readiness endpoint closes the connection without an answer.',
    item: READY,
    check: 'health/ready',
    says: /The readiness endpoint gives no answer/,
    breaks: ready(() => 'hangup'),
  },
  {
    name: 'liveness-missing',
    tells: 'There is no liveness endpoint.',
    item: LIVE,
    check: 'health/live',
    says: /No liveness endpoint was found/,
    breaks: (base) => ({ ...base, live: base.unknown }),
  },
  {
    name: 'readiness-missing',
    tells: 'There is no readiness endpoint.',
    item: READY,
    check: 'health/ready',
    says: /No readiness endpoint was found/,
    breaks: (base) => ({ ...base, ready: base.unknown }),
  },
  {
    name: 'liveness-web-page',
    tells: 'A single-page application answers every path, the liveness path too.',
    item: LIVE,
    check: 'health/live',
    says: /A web page stands where the liveness endpoint should be/,
    breaks: live(answer(200, '<!doctype html><html><body>Welcome</body></html>', { 'content-type': 'text/html' })),
  },
  {
    name: 'liveness-500',
    tells: 'The liveness endpoint answers 500.',
    item: LIVE,
    check: 'health/live',
    says: /The liveness endpoint answers 500/,
    breaks: live(answer(500)),
  },
  {
    name: 'liveness-200-down',
    tells: 'The liveness endpoint answers 200 with the status down.',
    item: LIVE,
    check: 'health/live',
    says: /The body says "DOWN", but the status code is 200/,
    breaks: live(() => health({ status: 'DOWN' })),
  },
  {
    name: 'readiness-200-fail',
    tells: 'The readiness endpoint answers 200 while its database is down.',
    item: READY,
    check: 'health/ready',
    says: /The body says "fail", but the status code is 200/,
    breaks: ready(() => health({ status: 'fail', checks: { database: [{ status: 'pass' }] } })),
  },
  {
    name: 'readiness-200-part-down',
    tells: 'The readiness endpoint says that all is well, and in the same body that the database is down.',
    item: READY,
    check: 'health/ready-dependencies',
    says: /Readiness answers 200 although it says that database fails/,
    breaks: ready(() => health({ status: 'pass', checks: { database: [{ status: 'fail' }] } })),
  },
  {
    name: 'readiness-verbose-failed',
    tells: 'The readiness endpoint answers 200 with a failed line of the verbose form of Kubernetes.',
    item: READY,
    check: 'health/ready',
    says: /status code is 200/,
    breaks: ready(() => ({ ...health('[+]ping ok\n[-]database failed: reason withheld\nreadyz check failed\n') })),
  },
  {
    name: 'readiness-503-up',
    tells: 'The readiness endpoint answers 503 with the status up.',
    item: READY,
    check: 'health/ready',
    says: /The readiness endpoint answers 503/,
    breaks: ready(() => health({ status: 'UP', checks: [{ name: 'database', status: 'UP' }] }, 503)),
  },
  {
    name: 'readiness-wavers',
    tells: 'Every second answer of the readiness endpoint is 503.',
    item: READY,
    check: 'health/ready',
    says: /wavers between/,
    // The request by which the endpoint is found is the first of the samples.
    breaks: (base) => ({ ...base, ready: alternating(base.ready, () => health({ status: 'fail' }, 503)) }),
  },
  {
    name: 'liveness-redirects-to-login',
    tells: 'The liveness endpoint redirects to a login page.',
    item: LIVE,
    check: 'health/live',
    says: /The liveness endpoint redirects to \/login/,
    breaks: live(answer(302, '', { location: '/login' })),
  },
  {
    name: 'readiness-redirects-elsewhere',
    tells: 'The readiness endpoint redirects to another host, which the kubelet takes for a success.',
    item: READY,
    check: 'health/ready',
    says: /The readiness endpoint redirects to https:\/\/login\.benchmark\.test/,
    breaks: ready(answer(307, '', { location: 'https://login.benchmark.test/' })),
  },
  {
    name: 'liveness-needs-credentials',
    tells: 'The liveness endpoint wants a token, which the kubelet does not have.',
    item: LIVE,
    check: 'health/live',
    says: /The liveness endpoint demands authentication/,
    breaks: live(answer(401, '', { 'www-authenticate': 'Bearer' })),
  },
  {
    name: 'readiness-forbidden',
    tells: 'The readiness endpoint answers 403 to whoever is not an administrator.',
    item: READY,
    check: 'health/ready',
    says: /The readiness endpoint demands authentication/,
    breaks: ready(answer(403)),
  },
  {
    name: 'liveness-sets-cookie',
    tells: 'The session middleware stands before the liveness endpoint: each probe gets a session.',
    item: LIVE,
    check: 'health/live',
    says: /it sets a cookie/,
    breaks: (base) => ({ ...base, live: withHeaders(base.live, { 'set-cookie': 'sid=3f9a; HttpOnly' }) }),
  },
  {
    name: 'liveness-cacheable',
    tells: 'The liveness endpoint may be cached for a minute.',
    item: LIVE,
    check: 'health/live',
    says: /it lacks Cache-Control: no-store/,
    breaks: (base) => ({ ...base, live: withHeaders(base.live, { 'cache-control': 'public, max-age=60' }) }),
  },
  {
    name: 'readiness-without-cache-control',
    tells: 'The readiness endpoint does not say that its answer must not be cached.',
    item: READY,
    check: 'health/ready',
    says: /it lacks Cache-Control: no-store/,
    breaks: (base) => ({
      ...base,
      ready: changing(base.ready, (given) => ({ ...given, headers: { 'content-type': 'application/json' } })),
    }),
  },
  {
    name: 'liveness-refuses-head',
    tells: 'The liveness endpoint answers HEAD with 405.',
    item: LIVE,
    check: 'health/live',
    says: /HEAD is refused/,
    breaks: (base) => ({
      ...base,
      live: (...asked) => (asked[0].method === 'HEAD' ? base.refused : base.live)(...asked),
    }),
  },
  {
    name: 'readiness-any-method',
    tells: 'The readiness endpoint answers POST, DELETE and everything else with 200.',
    item: READY,
    check: 'health/ready',
    says: /Any method is answered as if it were GET/,
    breaks: (base) => ({
      ...base,
      refused: (...asked) => (asked[0].path === '/health/ready' ? base.ready : base.refused)(...asked),
    }),
  },
  {
    name: 'readiness-huge-body',
    tells: 'The readiness endpoint tells the state of every one of 400 collections.',
    item: READY,
    check: 'health/ready',
    says: /The body is larger than 10 KiB/,
    breaks: ready(() =>
      health({
        status: 'pass',
        checks: Object.fromEntries(
          Array.from({ length: 400 }, (_, index) => [`database:collection${index}`, [{ status: 'pass' }]]),
        ),
      }),
    ),
  },
  {
    name: 'liveness-slow',
    tells: 'An answer of the liveness endpoint takes more than a second.',
    item: LIVE,
    check: 'health/live',
    says: /the kubelet gives up after 1000 ms/,
    breaks: (base) => ({ ...base, live: onceAfter(base.live, 1100) }),
  },
  {
    name: 'readiness-slow',
    tells: 'An answer of the readiness endpoint takes more than a second.',
    item: READY,
    check: 'health/ready',
    says: /the kubelet gives up after 1000 ms/,
    breaks: (base) => ({ ...base, ready: onceAfter(base.ready, 1100) }),
  },
  {
    name: 'liveness-names-database',
    tells: 'The liveness endpoint looks at the database.',
    item: LIVE,
    check: 'health/live-independent',
    says: /Liveness looks at postgres/,
    breaks: live(() =>
      health({ status: 'UP', components: { diskSpace: { status: 'UP' }, postgres: { status: 'UP' } } }),
    ),
  },
  {
    name: 'liveness-names-model',
    tells: 'The liveness endpoint looks at the language model.',
    item: LIVE,
    check: 'health/live-independent',
    says: /Liveness looks at openai/,
    breaks: live(() => health({ status: 'ok', openai: 'ok' })),
  },
  {
    name: 'liveness-is-readiness',
    tells: 'One handler answers for liveness and for readiness.',
    item: LIVE,
    check: 'health/live-independent',
    says: /Liveness looks at database/,
    breaks: (base) => ({ ...base, live: base.ready }),
  },
  {
    name: 'one-path-for-both',
    tells: 'The service has one health path, for both probes.',
    item: LIVE,
    check: 'health/live-independent',
    says: /One path, \/health\/ready, answers for both/,
    breaks: (base) => ({ ...base, live: base.unknown }),
    args: ['--live-path', '/health/ready'],
  },
  {
    name: 'readiness-names-nothing',
    tells: 'The readiness endpoint answers ok, whatever its dependencies do.',
    item: READY,
    check: 'unknown:health/ready-dependencies',
    says: /The body names no component/,
    breaks: ready(() => health({ status: 'ok' })),
  },
  {
    name: 'readiness-without-database',
    tells: 'The readiness endpoint looks at the disk and at the cache, and not at the database.',
    item: READY,
    check: 'health/ready-dependencies',
    says: /no database is among them/,
    breaks: ready(() => health({ status: 'UP', components: { diskSpace: { status: 'UP' }, redis: { status: 'UP' } } })),
  },
];
