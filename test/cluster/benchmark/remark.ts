/** One thing that a judge says against an application: a finding, an issue, a failed check, whatever it calls it. */
export interface Remark {
  /** The judge's own name for the question. */
  readonly check: string;
  /** Kind and name of what it is said of, without the namespace, such as `Deployment qna container qna`. */
  readonly object: string;
  /** The judge's own words. */
  readonly words: string;
  /** Whether the judge takes it for more than a remark in passing: it is counted, and not only compared. */
  readonly counts: boolean;
}

/** What makes the names of one application's objects differ from those of another time it was applied. */
export interface Place {
  readonly namespace: string;
  readonly host: string;
}

/** The letters of which Kubernetes makes the ends of names. */
const SAFE = '[bcdfghjklmnpqrstvwxz2456789]';
const POD_OF_DEPLOYMENT = new RegExp(`-${SAFE}{8,10}-${SAFE}{5}\\b`, 'g');
const REPLICA_SET = new RegExp(`-${SAFE}{8,10}\\b`, 'g');
const GENERATED = new RegExp(`(EndpointSlice \\S+)-${SAFE}{5}\\b`, 'g');

/** A text with everything taken out that differs from one time to the next: the namespace, the host, ends of names, numbers. */
export function normalised(text: string, { namespace, host }: Place): string {
  return text
    .replaceAll(host, 'HOST')
    .replaceAll(namespace, 'NAMESPACE')
    .replace(POD_OF_DEPLOYMENT, '')
    .replace(REPLICA_SET, '')
    .replace(GENERATED, '$1')
    .replace(/\d+(?:\.\d+)*/g, '#');
}

/** A remark as it would read in any namespace. */
function anywhere({ object, words, ...remark }: Remark, { namespace, host }: Place): Remark {
  const told = (text: string) =>
    text.replaceAll(host, 'HOST').replaceAll(`${namespace}/`, '').replaceAll(namespace, 'NAMESPACE');
  return { ...remark, object: told(object), words: told(words) };
}

/** What was said of one and not of the other, each once. Two remarks are the same that differ in what `normalised` takes out. */
export function newRemarks(
  healthy: readonly Remark[],
  broken: readonly Remark[],
  places: { readonly healthy: Place; readonly broken: Place },
): readonly Remark[] {
  const keyOf = ({ check, object, words }: Remark, place: Place) =>
    [check, ...[object, words].map((text) => normalised(text, place))].join('\n');
  const known = new Set(healthy.map((remark) => keyOf(remark, places.healthy)));
  const fresh = new Map<string, Remark>();
  for (const remark of broken) {
    const key = keyOf(remark, places.broken);
    if (!known.has(key) && !fresh.has(key)) fresh.set(key, anywhere(remark, places.broken));
  }
  return [...fresh.values()];
}
