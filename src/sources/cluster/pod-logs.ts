import { reasonOf } from '../../core/errors.ts';
import type { ContainerLog, Observed } from '../../core/facts.ts';
import type { Pod } from '../../core/objects.ts';
import type { Resource } from '../../core/resource.ts';
import { maskSecrets } from '../../core/secret-text.ts';
import type { Api } from './api.ts';
import { defineLiveFact, listedObjects } from './live-fact.ts';

/** Enough to judge a format, and bounded whatever a container writes. */
const TAIL_LINES = 200;
const LIMIT_BYTES = 128 * 1024;
const MAX_CONTAINERS = 40;

export const podLogsFact = defineLiveFact({
  fact: 'logs',
  from: ['barePods'],
  rules: [{ group: '', resource: 'pods/log', verbs: ['get'], clusterWide: false }],
  async observe(view) {
    const pods = listedObjects(view, 'barePods');
    return pods.seen ? readPodLogs(view.api, pods.value) : pods;
  },
});

/** Reads the last lines of each running container. */
async function readPodLogs(api: Api, pods: readonly Resource<Pod>[]): Promise<Observed<readonly ContainerLog[]>> {
  const logs: ContainerLog[] = [];
  const failures: string[] = [];
  const wanted = pods
    .filter(({ object }) => object.status?.phase === 'Running')
    .flatMap((pod) => (pod.object.spec?.containers ?? []).map(({ name = '', image }) => ({ pod, name, image })));
  for (const { pod, name, image } of wanted.slice(0, MAX_CONTAINERS)) {
    const { namespace = 'default', name: podName = '' } = pod.object.metadata ?? {};
    const query = `container=${encodeURIComponent(name)}&tailLines=${TAIL_LINES}&limitBytes=${LIMIT_BYTES}`;
    try {
      const text = await api.text(`/api/v1/namespaces/${namespace}/pods/${podName}/log?${query}`);
      logs.push({
        subject: `${pod.ref} container ${name}`,
        lines: text
          .split('\n')
          .filter((line) => line !== '')
          .map(maskSecrets),
        ...(image === undefined ? {} : { image }),
      });
    } catch (error) {
      failures.push(reasonOf(error));
    }
  }
  if (logs.length === 0 && failures[0] !== undefined) return { seen: false, reason: failures[0] };
  if (wanted.length > MAX_CONTAINERS) failures.push(`the logs of ${wanted.length - MAX_CONTAINERS} more containers`);
  return {
    seen: true,
    value: logs,
    ...(failures.length === 0 ? {} : { incomplete: [...new Set(failures)].join('; ') }),
  };
}
