import { reasonOf } from '../../core/errors.ts';
import type { ContainerLog, Observed } from '../../core/facts.ts';
import type { Pod } from '../../core/objects.ts';
import type { Resource } from '../../core/resource.ts';
import { maskSecrets } from '../../core/secret-text.ts';
import type { Api } from './api.ts';
import { ApiError } from './api-error.ts';
import { inTurns } from './in-turns.ts';
import { partLateRefusal } from './late-refusal.ts';
import { defineLiveFact, listedObjects } from './live-fact.ts';

/** Of all streams together: what is read is held in memory, searched line by line, and kept in a snapshot. */
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_BYTES_OF_ONE = 4 * 1024 * 1024;
/** Less of a stream would say too little; where there are very many, some are left out instead. */
const MIN_BYTES_OF_ONE = 128 * 1024;
const MAX_STREAMS = MAX_BYTES / MIN_BYTES_OF_ONE;
/** What is taken of a container that was silent of late. */
const TAIL = { lines: 200, bytes: 128 * 1024 };
const AT_ONCE = 4;

export const podLogsFact = defineLiveFact({
  fact: 'logs',
  from: ['barePods'],
  rules: [{ group: '', resource: 'pods/log', verbs: ['get'], clusterWide: false }],
  async observe(view) {
    const pods = listedObjects(view, 'barePods');
    return pods.seen ? readPodLogs(view.api, pods.value, view.options.logsSinceSeconds) : pods;
  },
});

/** One container, as it runs or as it ran before it was restarted. */
interface Stream {
  readonly pod: Resource<Pod>;
  readonly container: string;
  readonly image: string | undefined;
  readonly previous: boolean;
}

/** Reads what each running container wrote of late, and what it wrote before a restart. */
async function readPodLogs(
  api: Api,
  pods: readonly Resource<Pod>[],
  sinceSeconds: number,
): Promise<Observed<readonly ContainerLog[]>> {
  const all = pods.filter(({ object }) => object.status?.phase === 'Running').flatMap(streamsOf);
  const streams = all.slice(0, MAX_STREAMS);
  const maxBytes = Math.min(MAX_BYTES_OF_ONE, Math.floor(MAX_BYTES / Math.max(1, streams.length)));
  const failures: string[] = [];
  const read = await inTurns(streams, AT_ONCE, async (stream): Promise<readonly ContainerLog[]> => {
    try {
      const { log, isCut } = await readStream(api, stream, sinceSeconds, maxBytes);
      if (isCut)
        failures.push(
          `${log?.subject}: what came after the first ${describeBytes(maxBytes)} of ${describeSpan(sinceSeconds)}`,
        );
      return log === undefined ? [] : [log];
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failures.push(reasonOf(error));
      return [];
    }
  });
  const logs = read.flat();
  if (logs.length === 0 && failures[0] !== undefined) return { seen: false, reason: failures[0] };
  if (all.length > MAX_STREAMS) failures.push(`the logs of ${all.length - MAX_STREAMS} more containers`);
  return {
    seen: true,
    value: logs,
    ...(failures.length === 0 ? {} : { incomplete: [...new Set(failures)].join('; ') }),
  };
}

function streamsOf(pod: Resource<Pod>): readonly Stream[] {
  const { spec, status } = pod.object;
  return (spec?.containers ?? []).flatMap(({ name: container = '', image }) => {
    const stream = { pod, container, image };
    const state = (status?.containerStatuses ?? []).find(({ name }) => name === container);
    // The log of one that waits to be started again is that of its last run already.
    const restarted = (state?.restartCount ?? 0) > 0 && state?.state?.running !== undefined;
    return [{ ...stream, previous: false }, ...(restarted ? [{ ...stream, previous: true }] : [])];
  });
}

async function readStream(
  api: Api,
  { pod, container, image, previous }: Stream,
  sinceSeconds: number,
  maxBytes: number,
): Promise<{ readonly log: ContainerLog | undefined; readonly isCut: boolean }> {
  const { namespace = 'default', name = '' } = pod.object.metadata ?? {};
  const about = {
    subject: `${pod.ref} container ${container}${previous ? ' before its restart' : ''}`,
    ...(image === undefined ? {} : { image }),
  };
  const ask = async (bounds: string, bytes: number) => {
    const query = `container=${encodeURIComponent(container)}${previous ? '&previous=true' : ''}&${bounds}&limitBytes=${bytes}`;
    const { written, refusal } = partLateRefusal(
      await api.text(`/api/v1/namespaces/${namespace}/pods/${name}/log?${query}`),
    );
    if (refusal !== undefined)
      throw new ApiError(
        `${about.subject}: the kubelet says: ${refusal}`,
        // The status that it would have sent, had it known in time.
        written === '' ? { status: 400 } : {},
      );
    return linesOf(written, bytes);
  };
  try {
    const recent = await ask(`sinceSeconds=${sinceSeconds}`, maxBytes);
    if (recent.lines.length > 0)
      return { log: { ...about, lines: recent.lines, span: describeSpan(sinceSeconds) }, isCut: recent.isCut };
  } catch (error) {
    // Only the last container before this one is kept, and not for ever.
    if (previous && error instanceof ApiError && error.status === 400) return { log: undefined, isCut: false };
    throw error;
  }
  // A container that was replaced long ago is judged by its successor.
  if (previous) return { log: undefined, isCut: false };
  const { lines } = await ask(`tailLines=${TAIL.lines}`, TAIL.bytes);
  const span = `the last ${TAIL.lines} lines, for nothing was written in ${describeSpan(sinceSeconds)}`;
  return { log: { ...about, lines, span }, isCut: false };
}

/** Where the API server stopped at the limit, the last line is a part of one, and judged as nothing. */
function linesOf(text: string, limitBytes: number): { readonly lines: readonly string[]; readonly isCut: boolean } {
  const isCut = Buffer.byteLength(text) >= limitBytes;
  const lines = text.split('\n');
  if (isCut) lines.pop();
  return { lines: lines.filter((line) => line !== '').map(maskSecrets), isCut };
}

function describeSpan(seconds: number): string {
  const [amount, unit] =
    seconds % 3600 === 0
      ? [seconds / 3600, 'hour']
      : seconds % 60 === 0
        ? [seconds / 60, 'minute']
        : [seconds, 'second'];
  return amount === 1 ? `the last ${unit}` : `the last ${amount} ${unit}s`;
}

function describeBytes(bytes: number): string {
  return bytes % (1024 * 1024) === 0 ? `${bytes >> 20} MiB` : `${bytes >> 10} KiB`;
}
