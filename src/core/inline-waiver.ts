import type { Snapshot } from './facts.ts';
import type { Location } from './location.ts';
import type { KubernetesObject } from './objects.ts';
import type { Resource } from './resource.ts';
import { maskSecrets } from './secret-text.ts';
import type { Waiver } from './waiver.ts';

/** What the input says of its own failures: `waive image/pinned until 2027-01-31 by team-qna: the base is built nightly`. */
export interface InlineWaivers {
  readonly waivers: readonly Waiver[];
  /** Where something was meant for one and could not be read. */
  readonly unread: readonly Location[];
}

export const NO_WAIVERS: InlineWaivers = { waivers: [], unread: [] };

/** An annotation of an object names a check below this prefix, with a dot for its slash. */
export const WAIVER_ANNOTATION = 'waive.qna-ready.github.io/';

const TERMS = /^until (?<expires>\d{4}-\d{2}-\d{2}) by (?<owner>[^:]{1,100}): *(?<reason>\S.*)$/;

/** Reads the terms of a waiver: `until DATE by OWNER: REASON`. */
export function readTerms(text: string): Pick<Waiver, 'expires' | 'owner' | 'reason'> | undefined {
  const { expires = '', owner = '', reason = '' } = TERMS.exec(text.trim())?.groups ?? {};
  if (reason === '' || Number.isNaN(Date.parse(expires))) return undefined;
  return { expires, owner: owner.trim(), reason: maskSecrets(reason.trim()) };
}

/** What the annotations of all objects of a snapshot waive, each for its own object. */
export function waiversOfAnnotations({ facts }: Pick<Snapshot, 'facts'>): InlineWaivers {
  const resources = Object.values(facts).flatMap((fact): readonly Resource<KubernetesObject>[] =>
    fact?.seen === true && Array.isArray(fact.value) ? fact.value.filter(isResource) : [],
  );
  const found = new Map<string, Waiver>();
  const unread = new Map<string, Location>();
  for (const { object, ref, locate } of resources)
    for (const [key, text] of Object.entries(object.metadata?.annotations ?? {})) {
      if (!key.startsWith(WAIVER_ANNOTATION)) continue;
      const where = locate(['metadata', 'annotations', key]);
      const check = key.slice(WAIVER_ANNOTATION.length).replace('.', '/');
      const terms = readTerms(String(text));
      if (terms === undefined) unread.set(`${ref} ${key}`, where);
      else found.set(`${ref} ${key}`, { check, ...terms, object: ref, where });
    }
  return { waivers: [...found.values()], unread: [...unread.values()] };
}

function isResource(value: unknown): value is Resource<KubernetesObject> {
  return typeof value === 'object' && value !== null && 'object' in value && 'ref' in value && 'locate' in value;
}
