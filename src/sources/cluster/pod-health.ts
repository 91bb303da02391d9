import type { Observed } from '../../core/facts.ts';
import type { Container, Pod, Probe } from '../../core/objects.ts';
import type { PodHealth, ProbeKind } from '../../core/pod-endpoint-facts.ts';
import type { Resource } from '../../core/resource.ts';
import type { Api } from './api.ts';
import { ApiError } from './api-error.ts';
import { askPod, type PodAnswer } from './ask-pod.ts';
import { inTurns } from './in-turns.ts';
import { defineLiveFact, type LiveView, listedObjects } from './live-fact.ts';
import { observedAnswers } from './observed-answers.ts';
import { choosePods } from './running-pods.ts';

/** The kubelet reads no more of a body (https://github.com/kubernetes/kubernetes/blob/master/pkg/probe/http/http.go). */
const MAX_BYTES = 10 * 1024;
/** An answer that is late is told as late; one that takes this much longer is not waited for. */
const PATIENCE_MS = 4_000;
/** A slow answer is asked for again: the machine that asks may have been busy, and the fastest counts. */
const MAX_SAMPLES = 3;
const AT_ONCE = 4;

export const podHealthFact = defineLiveFact({
  fact: 'podHealth',
  from: ['barePods'],
  rules: [{ group: '', resource: 'pods/proxy', verbs: ['get'], clusterWide: false }],
  async observe(view): Promise<Observed<readonly PodHealth[]>> {
    const all = listedObjects(view, 'barePods');
    if (!all.seen) return all;
    const { pods, gaps } = choosePods(all.value);
    const asked = pods.filter(({ object }) => probesOf(object).length > 0);
    const roundTripMs = asked.length === 0 ? 0 : await roundTrip(view);
    const answers = await inTurns(asked, AT_ONCE, (pod) => observePod(view.api, pod, roundTripMs));
    return observedAnswers(answers.flat(), [...(all.incomplete === undefined ? [] : [all.incomplete]), ...gaps]);
  },
});

/** What the request alone costs: the pod has no part in it. */
async function roundTrip({ api }: LiveView): Promise<number> {
  const durations: number[] = [];
  for (let sample = 0; sample < MAX_SAMPLES; sample++) {
    try {
      durations.push((await api.answer('/version')).durationMs);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
  return durations.length === 0 ? 0 : Math.min(...durations);
}

type Answered = Omit<PodHealth, 'answer' | 'unreachable'> & { readonly answer: PodAnswer };

async function observePod(api: Api, pod: Resource<Pod>, roundTripMs: number): Promise<readonly Answered[]> {
  const answers: Answered[] = [];
  const silent = new Map<number, PodAnswer>();
  for (const probe of probesOf(pod.object)) {
    const { container, probes, scheme, port, path, timeoutMs, headersLeftOut, obstacle } = probe;
    const about = { pod: pod.ref, container, probes, timeoutMs, headersLeftOut, roundTripMs };
    const known: PodAnswer | undefined =
      obstacle !== undefined ? { kind: 'refused', reason: obstacle } : silent.get(port);
    if (known !== undefined) {
      answers.push({ ...about, answer: known });
      continue;
    }
    const question = { pod, scheme, port, path, timeoutMs: timeoutMs + PATIENCE_MS, maxBytes: MAX_BYTES };
    let answer = await askPod(api, question);
    for (let sample = 1; sample < MAX_SAMPLES && isLate(answer, timeoutMs + roundTripMs); sample++) {
      const again = await askPod(api, question);
      if (again.kind !== 'answer') break;
      if (durationOf(again) < durationOf(answer)) answer = again;
    }
    if (answer.kind === 'unreachable') silent.set(port, answer);
    answers.push({ ...about, answer });
  }
  return answers;
}

function isLate(answer: PodAnswer, budgetMs: number): boolean {
  return answer.kind === 'answer' && answer.exchange.durationMs > budgetMs;
}

function durationOf(answer: PodAnswer): number {
  return answer.kind === 'answer' ? answer.exchange.durationMs : Number.POSITIVE_INFINITY;
}

interface AskedProbe {
  readonly container: string;
  readonly probes: readonly ProbeKind[];
  readonly scheme: 'http' | 'https';
  readonly port: number;
  readonly path: string;
  readonly timeoutMs: number;
  readonly headersLeftOut: readonly string[];
  /** Why it cannot be asked as the kubelet asks it. */
  readonly obstacle: string | undefined;
}

/** What the HTTP probes of a pod's containers ask for, each path once. */
function probesOf({ spec, status }: Pod): readonly AskedProbe[] {
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const states = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  return [...(spec?.containers ?? []), ...sidecars].flatMap((container) => {
    const runs = states.find(({ name }) => name === container.name)?.state?.running !== undefined;
    const asked = KINDS.flatMap(({ kind, field }) => {
      const probe = container[field];
      return probe?.httpGet == null ? [] : [toAsked(container, kind, probe, runs)];
    });
    const groups = Map.groupBy(asked, ({ scheme, port, path }) => `${scheme} ${port} ${path}`);
    return [...groups.values()].flatMap(([first, ...others]) =>
      first === undefined
        ? []
        : [
            {
              ...first,
              probes: [first, ...others].flatMap(({ probes }) => probes),
              timeoutMs: Math.min(first.timeoutMs, ...others.map(({ timeoutMs }) => timeoutMs)),
              headersLeftOut: [...new Set([first, ...others].flatMap(({ headersLeftOut }) => headersLeftOut))],
            },
          ],
    );
  });
}

const KINDS = [
  { kind: 'liveness', field: 'livenessProbe' },
  { kind: 'readiness', field: 'readinessProbe' },
  { kind: 'startup', field: 'startupProbe' },
] as const;

function toAsked(
  container: Container,
  kind: ProbeKind,
  { httpGet, timeoutSeconds = 1 }: Probe,
  runs: boolean,
): AskedProbe {
  const { path = '/', port, host = '', scheme, httpHeaders = [] } = httpGet ?? {};
  const number =
    typeof port === 'string' && !/^\d+$/.test(port)
      ? container.ports?.find(({ name }) => name === port)?.containerPort
      : Number(port);
  return {
    container: container.name ?? '',
    probes: [kind],
    scheme: scheme?.toUpperCase() === 'HTTPS' ? 'https' : 'http',
    port: number ?? 0,
    path: path.startsWith('/') ? path : `/${path}`,
    timeoutMs: timeoutSeconds * 1000,
    // They are written by whoever wrote the pod, and would reach the API server with the auditor's rights.
    headersLeftOut: httpHeaders.flatMap(({ name }) => name || []),
    obstacle: !runs
      ? `the container ${container.name} is not running`
      : host !== ''
        ? `its ${kind} probe asks the host ${host} instead of the pod`
        : number === undefined || !(number > 0)
          ? `no port of the container ${container.name} is called ${port}`
          : undefined,
  };
}
