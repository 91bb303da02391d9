import type { Observed } from '../../core/facts.ts';
import type { Pod } from '../../core/objects.ts';
import type { PodMetrics } from '../../core/pod-endpoint-facts.ts';
import type { Resource } from '../../core/resource.ts';
import { type ScrapeTarget, scrapeTargetsOf } from '../../kubernetes/scrape-targets.ts';
import { SCRAPE_ACCEPT } from '../http/scrape-accept.ts';
import { askPod, type PodAnswer } from './ask-pod.ts';
import { inTurns } from './in-turns.ts';
import { defineLiveFact, gapsOf, type LiveView, listedObjects } from './live-fact.ts';
import { observedAnswers } from './observed-answers.ts';
import { choosePods } from './running-pods.ts';

/** The default scrape_timeout of Prometheus, and a little more: what is late is told as late. */
const TIMEOUT_MS = 12_000;
const MAX_PAGE_BYTES = 4 * 1024 * 1024;
/** Of all pages together; a snapshot of a cluster keeps them. */
const MAX_BYTES = 64 * 1024 * 1024;
const AT_ONCE = 3;

export const podMetricsFact = defineLiveFact({
  fact: 'podMetrics',
  from: ['barePods', 'services', 'serviceMonitors', 'podMonitors'],
  rules: [{ group: '', resource: 'pods/proxy', verbs: ['get'], clusterWide: false }],
  async observe(view): Promise<Observed<readonly PodMetrics[]>> {
    const all = listedObjects(view, 'barePods');
    if (!all.seen) return all;
    const services = listedObjects(view, 'services');
    const serviceMonitors = listedObjects(view, 'serviceMonitors');
    const podMonitors = listedObjects(view, 'podMonitors');
    const facts = {
      services: services.seen ? services.value : [],
      serviceMonitors: serviceMonitors.seen ? serviceMonitors.value : [],
      podMonitors: podMonitors.seen ? podMonitors.value : [],
    };
    const { pods, gaps } = choosePods(all.value);
    const targets = pods.flatMap((pod) =>
      scrapeTargetsOf(pod, facts, view.options.metricsPath).map((target) => ({ pod, target })),
    );
    let read = 0;
    const answers = await inTurns(targets, AT_ONCE, async ({ pod, target }) => {
      const answer = await observePage(view, pod, target, read >= MAX_BYTES);
      if (answer.kind === 'answer') read += answer.exchange.body.length;
      return { pod: pod.ref, container: target.container, declaredBy: target.declaredBy, answer };
    });
    return observedAnswers(answers, [...gapsOf([all, services, serviceMonitors, podMonitors]), ...gaps]);
  },
});

async function observePage(
  { api }: LiveView,
  pod: Resource<Pod>,
  { container, scheme, port, path, withCredentials }: ScrapeTarget,
  isFull: boolean,
): Promise<PodAnswer> {
  const { containerStatuses = [], initContainerStatuses = [] } = pod.object.status ?? {};
  const state = [...containerStatuses, ...initContainerStatuses].find(({ name }) => name === container)?.state;
  if (state?.running === undefined) return { kind: 'refused', reason: `the container ${container} is not running` };
  if (withCredentials)
    return { kind: 'refused', reason: 'Prometheus scrapes it with credentials, which are not used here' };
  if (isFull) return { kind: 'refused', reason: `the pages read before it fill ${MAX_BYTES >> 20} MiB` };
  const limits = { timeoutMs: TIMEOUT_MS, maxBytes: MAX_PAGE_BYTES, accept: SCRAPE_ACCEPT };
  const answer = await askPod(api, { pod, scheme, port, path, ...limits });
  // Half a page would be judged wrongly.
  if (answer.kind === 'answer' && answer.exchange.truncated)
    return { kind: 'refused', reason: `the page is larger than ${MAX_PAGE_BYTES >> 20} MiB` };
  return answer;
}
