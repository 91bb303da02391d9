import { schemaChecks } from '../../../src/checks/schema/index.ts';
import type { SchemaVersion } from '../../../src/core/api-schemas.ts';
import type { Observed, Snapshot } from '../../../src/core/facts.ts';
import { formatPath, type Path } from '../../../src/core/location.ts';
import type { Resource } from '../../../src/core/resource.ts';
import { runChecks, wantedFacts } from '../../../src/core/run-checks.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/settings.ts';
import { filesSource } from '../../../src/sources/files/files-source.ts';
import type { JsonMap } from './json.ts';

/** What `validate` says of one object: its failures as paths, and whether anything is left unknown. */
export interface Opinion {
  readonly accepted: boolean;
  readonly paths: readonly string[];
  readonly isUnknown: boolean;
}

/** Asks every check of the topic `schema` about an object on standard input. */
export async function askChecks(object: JsonMap, kubernetes: SchemaVersion): Promise<Opinion> {
  const source = filesSource({ paths: ['-'], cwd: '/', stdin: inOnePiece(JSON.stringify(object)), kubernetes });
  const snapshot = await source.collect(wantedFacts(schemaChecks), new AbortController().signal);
  const judgements = [...runChecks(schemaChecks, [locatedByPath(snapshot)], DEFAULT_SETTINGS)];
  const failures = judgements.filter(({ outcome }) => outcome === 'fail');
  return {
    accepted: failures.length === 0,
    paths: [
      ...new Set(failures.map(({ where }) => (where !== undefined && 'object' in where ? where.path : 'nowhere'))),
    ],
    isUnknown: judgements.some(({ outcome }) => outcome === 'unknown'),
  };
}

async function* inOnePiece(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** The same facts, whose places are paths in the object in place of lines in a text. */
function locatedByPath(snapshot: Snapshot): Snapshot {
  const facts = Object.entries(snapshot.facts).map(([name, observed]: [string, Observed<unknown>]) => [
    name,
    observed.seen && Array.isArray(observed.value)
      ? { ...observed, value: observed.value.map((resource: Resource) => ({ ...resource, locate: byPath(resource) })) }
      : observed,
  ]);
  return { ...snapshot, facts: Object.fromEntries(facts) as Snapshot['facts'] };
}

function byPath({ ref }: Resource): Resource['locate'] {
  return (path: Path) => ({ object: ref, path: formatPath(path) });
}
