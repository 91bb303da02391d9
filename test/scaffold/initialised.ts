import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { type CliResult, runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';

export interface Initialised extends CliResult {
  readonly folder: string;
}

/** Runs `init` in a folder of the test's own, or in one that is there already. */
export async function initialise(args: readonly string[] = [], folder = temporaryFolder()): Promise<Initialised> {
  return { folder, ...(await runCli(['init', '.', '--yes', ...args], { cwd: folder })) };
}

/** Every file below a folder by its path in it, without what git keeps for itself. */
export function filesBelow(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => !path.startsWith('.git/') && statSync(join(folder, path)).isFile())
    .sort();
  return new Map(files.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

export interface WrittenObject {
  readonly path: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test names the fields that it means, and fails where they are missing.
  readonly object: any;
}

/** The objects of every manifest, read as kubectl reads them: by the rules of YAML 1.1. */
export function objectsBelow(folder: string): readonly WrittenObject[] {
  return [...filesBelow(folder)]
    .filter(([path]) => path.startsWith('k8s/') && path.endsWith('.yaml'))
    .flatMap(([path, text]) =>
      parseAllDocuments(text, { version: '1.1' }).map((document) => {
        if (document.errors[0] !== undefined) throw document.errors[0];
        return { path, object: document.toJS() };
      }),
    );
}

/** The one object of this kind and name. */
export function objectOf(folder: string, kind: string, name: string): WrittenObject['object'] {
  const found = objectsBelow(folder).filter(({ object }) => object.kind === kind && object.metadata.name === name);
  if (found.length !== 1) throw new Error(`${found.length} objects are ${kind} ${name}.`);
  return found[0]?.object;
}

/** The values of k8s/secrets.yaml that are worth hiding. */
export function secretValuesOf(folder: string): readonly string[] {
  const [secret] = objectsBelow(folder).filter(({ path }) => path === 'k8s/secrets.yaml');
  const values = Object.values(secret?.object.stringData ?? {}) as readonly string[];
  return values.filter((value) => value !== '');
}
