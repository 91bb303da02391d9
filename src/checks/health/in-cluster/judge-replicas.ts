import type { Verdict } from '../../../core/check.ts';
import type { Exchange } from '../../../core/endpoint-facts.ts';
import type { PodHealth } from '../../../core/pod-endpoint-facts.ts';
import type { Workload } from '../../../kubernetes/workload.ts';
import { readHealthBody } from '../health-body.ts';
import { isSuccess } from '../judge-endpoint.ts';

interface Answered {
  readonly entry: PodHealth;
  readonly exchange: Exchange;
}

/** Judges what the pods of a workload answer to one kind of probe: each that fails for itself, all that pass together. */
export function judgeReplicas(
  { resource }: Workload,
  kind: 'liveness' | 'readiness',
  answers: readonly Answered[],
  isReady: (pod: string) => boolean,
): readonly Verdict[] {
  const judged = answers.map((answer) => ({ ...answer, verdict: judge(kind, answer, isReady(answer.entry.pod)) }));
  const well = judged.filter(({ verdict }) => verdict === undefined);
  const pods = new Set(well.map(({ entry }) => entry.pod));
  const others = pods.size === 0 ? '' : `; well: ${[...pods].join(', ')}`;
  const faults = judged.flatMap(({ verdict }) =>
    verdict === undefined ? [] : [{ ...verdict, observed: `${verdict.observed}${others}` }],
  );
  const [first] = well;
  if (first === undefined) return faults;
  const slowest = Math.max(...well.map(({ entry, exchange }) => netMs(entry, exchange)));
  const statuses = [...new Set(well.map(({ exchange }) => exchange.status))].join(' and ');
  return [
    ...faults,
    {
      outcome: 'pass',
      subject: `${resource.ref} ${kind}`,
      message: `${pods.size === 1 ? 'One pod answers' : `${pods.size} pods answer`} as the kubelet expects.`,
      where: { request: first.exchange.request },
      observed: `status ${statuses}, the slowest within ${slowest} ms`,
    },
  ];
}

/** Undefined where all is well. */
function judge(
  kind: 'liveness' | 'readiness',
  { entry, exchange }: Answered,
  isReady: boolean,
): (Verdict & { readonly observed: string }) | undefined {
  const { status, headers, request } = exchange;
  const about = {
    subject: `${entry.pod} ${kind}`,
    where: { request },
    observed: `status ${status} from container ${entry.container} in ${exchange.durationMs} ms`,
    expected: `status 200 to 299 within ${entry.timeoutMs} ms`,
  };
  const fail = (message: string) => ({ ...about, outcome: 'fail' as const, message });
  if (status >= 300 && status < 400) {
    const { location = 'nowhere' } = headers;
    // The API server rewrites a redirect within the pod to one within itself.
    return /^\/(?!\/)/.test(location)
      ? { ...fail('The probe is redirected to another path of the pod, which it could name itself.'), severity: 'note' }
      : fail(`The probe is redirected to ${location}: the kubelet takes that for a success, whatever stands there.`);
  }
  if (!isSuccess(status)) {
    const left = entry.headersLeftOut;
    // The kubelet, whose word counts, asks with other headers and another Host, and is content.
    const mayBeUs = isReady && (left.length > 0 || REFUSALS.has(status));
    if (!mayBeUs) return fail(`The ${kind} endpoint answers ${status}.`);
    const why = left.length > 0 ? `its probe sends ${left.join(', ')}, which was left out` : 'it may look at the Host';
    return {
      ...about,
      outcome: 'unknown',
      message: `The pod answers ${status} to the API server, and the kubelet takes it for ready: ${why}.`,
    };
  }
  const net = netMs(entry, exchange);
  if (net > entry.timeoutMs)
    return fail(`The answer took ${net} ms: the kubelet gives up after ${entry.timeoutMs} ms.`);
  const { word, written } = readHealthBody(exchange);
  if (word !== 'fail') return undefined;
  const said = JSON.stringify(written ?? 'failed');
  return { ...fail(`The body says ${said}, and the kubelet reads the status ${status} only.`), severity: 'warning' };
}

/** What a pod says to a caller that it does not know, or by a name that it does not have. */
const REFUSALS: ReadonlySet<number> = new Set([400, 401, 403, 404, 421]);

function netMs({ roundTripMs }: PodHealth, { durationMs }: Exchange): number {
  return Math.round(Math.max(0, durationMs - roundTripMs));
}
