import { schemaChecks } from '../../../src/checks/schema/index.ts';
import type { Snapshot } from '../../../src/core/facts.ts';
import { formatPath } from '../../../src/core/location.ts';
import type { KubernetesObject } from '../../../src/core/objects.ts';
import { runChecks, wantedFacts } from '../../../src/core/run-checks.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/settings.ts';
import type { SchemaVersion } from '../../../src/sources/files/api-schemas.ts';
import { snapshotOf } from '../../../src/sources/files/files-source.ts';
import type { JsonMap } from './json.ts';

/** What `validate` says of one object: its failures as paths, and whether anything is left unknown. */
export interface Opinion {
  readonly accepted: boolean;
  readonly paths: readonly string[];
  readonly isUnknown: boolean;
}

/** Asks every check of the topic `schema`, with the facts as the files source makes them. */
export function askChecks(object: JsonMap, kubernetes: SchemaVersion): Opinion {
  const found = {
    object: object as unknown as KubernetesObject,
    file: 'specimen',
    locate: (path: readonly (string | number)[]) => ({ object: 'specimen', path: formatPath(path) }),
  };
  const gathered = { objects: [found], dockerfiles: [], envFiles: [], secretFiles: [], documents: [], notSeen: [] };
  const options = { paths: ['specimen'], cwd: '/', stdin: nothing(), kubernetes };
  const snapshot: Snapshot = snapshotOf(options, wantedFacts(schemaChecks), gathered);
  const judgements = runChecks(schemaChecks, [snapshot], DEFAULT_SETTINGS);
  const failures = judgements.filter(({ outcome }) => outcome === 'fail');
  return {
    accepted: failures.length === 0,
    paths: [
      ...new Set(failures.map(({ where }) => (where !== undefined && 'object' in where ? where.path : 'nowhere'))),
    ],
    isUnknown: judgements.some(({ outcome }) => outcome === 'unknown'),
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
