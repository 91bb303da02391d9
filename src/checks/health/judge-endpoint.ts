import type { Verdict } from '../../core/check.ts';
import type { Exchange, HealthExchanges, Unanswered } from '../../core/endpoint-facts.ts';
import type { ProbeSettings } from '../../core/settings.ts';
import { readHealthBody } from './health-body.ts';
import { consequence, judgeKubelet } from './judge-kubelet.ts';

const LARGEST_BODY = 10 * 1024;

/** Judges what every health endpoint owes its callers; `kind` is how people call it. */
export function judgeHealthEndpoint(
  kind: 'liveness' | 'readiness',
  endpoint: HealthExchanges,
  probes: ProbeSettings,
): readonly Verdict[] {
  const { unanswered } = endpoint;
  if (unanswered !== undefined) return [judgeSilence(kind, endpoint, unanswered, probes)];
  const [first] = endpoint.samples;
  if (first === undefined) return [];
  // Where a redirect leads, the kubelet's own request tells better.
  const isFollowed = endpoint.kubelet !== undefined && endpoint.samples.every(({ status }) => isRedirect(status));
  if (isFollowed) return judgeKubelet(kind, endpoint, probes);
  const answer = judgeAnswer(kind, endpoint, first, probes);
  if (answer.outcome === 'fail') return [answer, ...judgeRefusal(kind, first)];
  return [
    answer,
    ...judgeKubelet(kind, endpoint, probes),
    judgeSpeed(kind, endpoint, first, probes),
    judgeWord(kind, first),
    judgeHeaders(kind, first),
    judgeSize(kind, first),
    ...judgeMethods(kind, endpoint),
  ];
}

/** The kubelet counts a request without an answer as a failed one. */
function judgeSilence(
  kind: 'liveness' | 'readiness',
  { path, samples }: HealthExchanges,
  { request, reason, waitedMs }: Unanswered,
  probes: ProbeSettings,
): Verdict {
  const timeoutMs = probes.timeoutSeconds * 1000;
  const about = { subject: `${kind} endpoint ${path}`, where: { request } };
  if (waitedMs !== undefined && waitedMs < timeoutMs)
    return {
      ...about,
      outcome: 'unknown',
      message: `The ${kind} endpoint gave no answer within ${waitedMs} ms, and the kubelet waits for ${timeoutMs} ms; give --timeout as much.`,
    };
  return {
    ...about,
    outcome: 'fail',
    message: `The ${kind} endpoint gives no answer${samples.length === 0 ? '' : ' at times'}, while the rest of the service answers: ${consequence(kind, probes, waitedMs === undefined ? 0 : timeoutMs)}.`,
    observed: `${reason}, after ${samples.length} answers`,
    expected: 'status 200 to 299, every time',
  };
}

function judgeAnswer(
  kind: 'liveness' | 'readiness',
  { samples, passedOver, path }: HealthExchanges,
  first: Exchange,
  probes: ProbeSettings,
): Verdict {
  const worst = samples.find((sample) => !isSuccess(sample.status)) ?? first;
  const statuses = [...new Set(samples.map((sample) => sample.status))].join(', ');
  const about = {
    subject: `${kind} endpoint ${path}`,
    where: { request: worst.request },
    expected: 'status 200 to 299, every time',
  };
  const observed = `status ${statuses} in ${samples.length} requests${passedOver.length === 0 ? '' : `; also tried ${passedOver.map((each) => `${each.path} (${each.status})`).join(', ')}`}`;
  const fail = (message: string): Verdict => ({ ...about, outcome: 'fail', message, observed });
  if (isSuccess(worst.status) && /^\s*<(?:!doctype html|html)/i.test(first.body))
    return fail(`A web page stands where the ${kind} endpoint should be: a route that catches every path answers.`);
  if (isSuccess(worst.status))
    return { ...about, outcome: 'pass', message: `The ${kind} endpoint answers ${statuses}.`, observed };
  const { status } = worst;
  if (status >= 300 && status < 400)
    return fail(
      `The ${kind} endpoint redirects to ${worst.headers.location ?? 'nowhere'}: the kubelet takes a redirect to another host for a success, whatever stands there.`,
    );
  if (status === 401 || status === 403)
    return fail(
      `The ${kind} endpoint demands authentication, which the kubelet does not have: ${consequence(kind, probes, 0)}.`,
    );
  if (status === 404) return fail(`No ${kind} endpoint was found at ${path}, nor at the common paths.`);
  if (samples.some((sample) => isSuccess(sample.status)))
    return fail(`The ${kind} endpoint wavers between ${statuses}.`);
  return fail(`The ${kind} endpoint answers ${status}: ${consequence(kind, probes, 0)}.`);
}

/** Who reads the body of a refusal must not read that all is well. */
function judgeRefusal(kind: string, first: Exchange): readonly Verdict[] {
  const { word, written } = readHealthBody(first);
  if (first.status < 500 || word !== 'pass') return [];
  return [
    {
      outcome: 'fail',
      severity: 'warning',
      subject: `${kind} endpoint body`,
      message: `The body says ${JSON.stringify(written ?? 'passed')}, but the status code is ${first.status}: people and machines are told the opposite.`,
      observed: `${first.status} with ${JSON.stringify(written ?? '[+]')}`,
      expected: 'a status word that agrees with the status code',
      where: { request: first.request },
    },
  ];
}

function judgeSpeed(
  kind: 'liveness' | 'readiness',
  { samples, path }: HealthExchanges,
  first: Exchange,
  probes: ProbeSettings,
): Verdict {
  const timeoutMs = probes.timeoutSeconds * 1000;
  const slowest = samples.reduce((max, sample) => Math.max(max, sample.durationMs), 0);
  const quick = slowest < timeoutMs;
  return {
    outcome: quick ? 'pass' : 'fail',
    subject: `${kind} endpoint ${path}`,
    message: quick
      ? `The slowest answer took ${slowest} ms.`
      : `An answer took ${slowest} ms, and the kubelet gives up after ${timeoutMs} ms: ${consequence(kind, probes, timeoutMs)}.`,
    observed: `${samples.map((sample) => sample.durationMs).join(', ')} ms`,
    expected: `less than ${timeoutMs} ms`,
    where: { request: first.request },
  };
}

function judgeWord(kind: string, first: Exchange): Verdict {
  const { word, written, convention } = readHealthBody(first);
  const about = {
    subject: `${kind} endpoint body`,
    where: { request: first.request },
    expected: 'a status word that agrees with the status code',
  };
  if (word === 'fail')
    return {
      ...about,
      outcome: 'fail',
      message: `The body says ${JSON.stringify(written ?? 'failed')}, but the status code is ${first.status}: machines read the code only.`,
      observed: `${first.status} with ${JSON.stringify(written ?? '[-]')}`,
    };
  return {
    ...about,
    outcome: 'pass',
    message: 'The status word of the body agrees with the status code, or there is none.',
    observed: `${convention}${written === undefined ? '' : `, ${JSON.stringify(written)}`}`,
  };
}

function judgeHeaders(kind: string, first: Exchange): Verdict {
  const cacheControl = first.headers['cache-control'];
  const problems = [
    ...(first.headers['set-cookie'] === undefined ? [] : ['it sets a cookie']),
    ...(/\bno-(?:store|cache)\b/.test(cacheControl ?? '')
      ? []
      : ['it lacks Cache-Control: no-store, so a proxy may answer for it']),
  ];
  return {
    outcome: problems.length === 0 ? 'pass' : 'fail',
    severity: 'note',
    subject: `${kind} endpoint headers`,
    message:
      problems.length === 0
        ? 'The answer must not be cached and sets no cookie.'
        : `The answer has headers that do not suit it: ${problems.join('; ')}.`,
    observed: `Cache-Control: ${cacheControl ?? '(none)'}`,
    expected: 'Cache-Control: no-store and no Set-Cookie',
    where: { request: first.request },
  };
}

function judgeSize(kind: string, first: Exchange): Verdict {
  const small = !first.truncated && first.body.length <= LARGEST_BODY;
  return {
    outcome: small ? 'pass' : 'fail',
    severity: 'warning',
    subject: `${kind} endpoint body`,
    message: small
      ? 'The body is small.'
      : 'The body is larger than 10 KiB, which the kubelet cuts off and every probe pays for.',
    observed: `${first.truncated ? 'more than ' : ''}${first.body.length} characters`,
    expected: 'at most 10 KiB',
    where: { request: first.request },
  };
}

function judgeMethods(kind: string, { head, oddMethod }: HealthExchanges): readonly Verdict[] {
  const verdicts: Verdict[] = [];
  if (head !== undefined)
    verdicts.push({
      outcome: isSuccess(head.status) ? 'pass' : 'fail',
      severity: 'note',
      subject: `${kind} endpoint HEAD`,
      message: isSuccess(head.status)
        ? 'HEAD is answered as GET is.'
        : 'HEAD is refused: load balancers and uptime monitors often ask with it.',
      observed: `status ${head.status}`,
      expected: 'the status that GET brings',
      where: { request: head.request },
    });
  if (oddMethod !== undefined)
    verdicts.push({
      outcome: isSuccess(oddMethod.status) ? 'fail' : 'pass',
      severity: 'note',
      subject: `${kind} endpoint other methods`,
      message: isSuccess(oddMethod.status)
        ? 'Any method is answered as if it were GET.'
        : 'Methods that make no sense here are refused.',
      observed: `status ${oddMethod.status}`,
      expected: 'status 405, or another refusal',
      where: { request: oddMethod.request },
    });
  return verdicts;
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}
