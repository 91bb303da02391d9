import type { Verdict } from '../../../core/check.ts';
import { parseImageReference } from '../../../kubernetes/image-reference.ts';
import type { WorkloadContainer } from '../../../kubernetes/workload.ts';
import type { Copy } from './running-copies.ts';

/** Whether the copies of one container run one image, as far as what the runtimes tell can be compared. */
export function judgeCopies(
  { subject, path, workload }: WorkloadContainer,
  copies: readonly Copy[],
): readonly Verdict[] {
  const about = { subject, where: workload.resource.locate([...path, 'image']) };
  const unknown = (message: string, observed: string): readonly Verdict[] => [
    { outcome: 'unknown', ...about, message, observed },
  ];
  const started = copies.filter(({ imageId }) => imageId !== '');
  if (started.length === 0)
    return [{ outcome: 'not-applicable', ...about, message: 'No pod has started it, so no image runs.' }];
  const known = started.filter(({ running }) => running !== undefined);
  if (known.length < started.length)
    return unknown('A runtime names the image in a form that is not known.', told(started));
  const foreign = known.filter(({ image, running }) => {
    const declared = parseImageReference(image)?.digest;
    return declared !== undefined && declared !== running?.digest;
  });
  const [first] = foreign;
  if (first !== undefined)
    return unknown(
      first.running?.kind === 'config'
        ? 'The runtime tells the digest of the config, which cannot be held against the declared digest.'
        : 'The runtime tells another digest than the declared one: the index or the manifest of one platform of the same image, or another image. From here that cannot be told apart.',
      told(foreign),
    );
  const pairs = pairsOf(known);
  const different = pairs.filter(([a, b]) => comparisonOf(a, b) === 'different');
  if (different.length > 0)
    return [
      {
        outcome: 'fail',
        ...about,
        message: 'Pods of one template run different images under one name.',
        observed: told(different.flat()),
        expected: 'one digest',
      },
    ];
  const open = pairs.filter(([a, b]) => comparisonOf(a, b) === 'unknown');
  if (open.length > 0)
    return unknown(
      'Its pods tell digests that cannot be held against each other: of different kinds, repositories or architectures, or on nodes whose architecture was not seen.',
      told(open.flat()),
    );
  const [one] = known;
  return [
    {
      outcome: 'pass',
      ...about,
      message:
        known.length === 1
          ? 'Its pod runs the declared image.'
          : 'Its pods run the declared image, and one and the same.',
      observed: `${one?.running?.digest} in ${known.length} of ${copies.length} pods`,
    },
  ];
}

/** Copies of one revision that name one image; one of each digest is enough to compare. */
function pairsOf(copies: readonly Copy[]): readonly (readonly [Copy, Copy])[] {
  const groups = Map.groupBy(copies, ({ revision, image }) => JSON.stringify([revision, image]));
  return [...groups.values()].flatMap((group) => {
    const kinds = [
      ...new Map(group.map((copy) => [JSON.stringify([copy.running, copy.architecture]), copy] as const)).values(),
    ];
    return kinds.flatMap((a, index) => kinds.slice(index + 1).map((b) => [a, b] as const));
  });
}

function comparisonOf(a: Copy, b: Copy): 'same' | 'different' | 'unknown' {
  if (a.running?.digest === b.running?.digest) return 'same';
  const comparable = a.running?.kind === b.running?.kind && a.running?.repository === b.running?.repository;
  // One node has one architecture, whichever that is.
  const alike =
    a.architecture === undefined || b.architecture === undefined
      ? a.pod.object.spec?.nodeName !== undefined && a.pod.object.spec.nodeName === b.pod.object.spec?.nodeName
      : a.architecture === b.architecture;
  return comparable && alike ? 'different' : 'unknown';
}

function told(copies: readonly Copy[]): string {
  return [...new Set(copies)].map(({ pod, image, imageId }) => `${pod.ref}: ${image} as ${imageId}`).join('; ');
}
