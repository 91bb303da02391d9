import type { Verdict } from '../../core/check.ts';
import type { Exchange, HealthExchanges } from '../../core/endpoint-facts.ts';
import type { ProbeSettings } from '../../core/settings.ts';

type Kind = 'liveness' | 'readiness';

/**
 * Judges what the kubelet's own request met: 200 to 399 within the timeout, redirects within the host followed. Nothing where a
 * snapshot is older than the question.
 */
export function judgeKubelet(
  kind: Kind,
  { path, kubelet }: HealthExchanges,
  probes: ProbeSettings,
): readonly Verdict[] {
  const last = kubelet?.hops.at(-1);
  if (kubelet === undefined || last === undefined) return [];
  const { hops, stopped } = kubelet;
  const tookMs = Math.round(hops.reduce((sum, { durationMs }) => sum + durationMs, 0) * 10) / 10;
  const timeoutMs = probes.timeoutSeconds * 1000;
  const about = {
    subject: `${kind} probe of the kubelet`,
    where: { request: last.request },
    observed: `${hops.map(hopWords).join(', then ')} in ${tookMs} ms`,
    expected: `status 200 to 399 within ${timeoutMs} ms, at ${path} itself and without credentials`,
  };
  const fail = (message: string, severity: Verdict['severity'] = 'error'): readonly Verdict[] => [
    { ...about, outcome: 'fail', severity, message },
  ];
  const location = last.headers.location ?? 'nowhere';
  if (stopped === 'too many redirects')
    return fail(`The ${kind} endpoint redirects in a circle: ${consequence(kind, probes, 0)}.`);
  if (stopped === 'another host')
    return fail(
      `The ${kind} endpoint redirects to ${location}, another host: the kubelet follows no such redirect and takes it for a success, whatever stands there.`,
      'warning',
    );
  if (stopped === 'another port or scheme')
    return fail(
      `The ${kind} endpoint redirects to ${location}: the kubelet follows it to that port of the pod, and where nothing listens there, ${consequence(kind, probes, 0)}.`,
      'warning',
    );
  const lead = hops.length > 1 ? `The ${kind} endpoint redirects to ${hops[0]?.headers.location}, and there` : '';
  if (last.status < 200 || last.status >= 400)
    return fail(
      `${lead === '' ? 'The' : `${lead} the`} kubelet, which has no credentials, is answered ${last.status}: ${consequence(kind, probes, 0)}.`,
    );
  if (tookMs >= timeoutMs)
    return fail(
      `The kubelet's request took ${tookMs} ms, and it gives up after ${timeoutMs} ms: ${consequence(kind, probes, timeoutMs)}.`,
    );
  if (lead !== '' && /^\s*<(?:!doctype html|html)/i.test(last.body))
    return fail(`${lead} a web page stands: the kubelet takes that for a success, whatever becomes of the service.`);
  if (lead !== '') return fail(`${lead} all is well; a probe could name that path itself.`, 'note');
  return [
    {
      ...about,
      outcome: 'pass',
      message: `The kubelet's own request succeeds, ${Math.round(timeoutMs - tookMs)} ms before its time is over.`,
    },
  ];
}

/** What becomes of a pod that goes on to answer so; `waitedMs` is what each of the kubelet's requests takes. */
export function consequence(kind: Kind, probes: ProbeSettings, waitedMs: number): string {
  const { periodSeconds, failureThreshold, timeoutSeconds, declaredBy } = probes;
  const source = declaredBy === undefined ? '' : `, as ${declaredBy} declares,`;
  const seconds = Math.round(periodSeconds * failureThreshold + waitedMs / 1000);
  const becomes = kind === 'liveness' ? 'is restarted' : 'is taken out of its Services';
  return `with a period of ${periodSeconds} s, a threshold of ${failureThreshold} and a timeout of ${timeoutSeconds} s${source === '' ? ',' : source} a pod that answers so ${becomes} after about ${seconds} s`;
}

function hopWords({ status, headers }: Exchange): string {
  return status >= 300 && status < 400 ? `status ${status} to ${headers.location ?? 'nowhere'}` : `status ${status}`;
}
