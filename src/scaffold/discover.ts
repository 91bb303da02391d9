import { basename } from 'node:path';
import { RULES } from './answer-rules.ts';
import type { AnswerName, Answers } from './answers.ts';
import type { ReadFile } from './tree.ts';

/** What the repository itself tells: its name, the port of its Dockerfile, and how it is started. */
export function discover(read: ReadFile, root: string): Partial<Answers> {
  const manifest = packageOf(read);
  const found = {
    name: labelOf(typeof manifest?.name === 'string' ? manifest.name : basename(root)),
    port: exposedPort(read),
    ...(manifest === undefined && isPython(read)
      ? { runtime: 'python', entryPoint: pythonEntry(read) }
      : { entryPoint: nodeEntry(manifest) }),
  };
  // A find that would be refused as an answer is no find.
  return Object.fromEntries(
    Object.entries(found).filter(([name, value]) => value !== undefined && isPlausible(name as AnswerName, value)),
  );
}

interface PackageManifest {
  readonly name?: unknown;
  readonly main?: unknown;
  readonly scripts?: { readonly start?: unknown } | null;
}

function packageOf(read: ReadFile): PackageManifest | undefined {
  const file = read('package.json');
  if (file === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(file.text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // A broken package.json is not for us to judge; the folder has a name too.
    return {};
  }
}

/** `@team/Qna_Agent` is called `qna-agent`. */
function labelOf(name: string): string | undefined {
  const label = (name.split('/').at(-1) ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 38)
    .replace(/-+$/, '');
  return label === '' ? undefined : label;
}

function exposedPort(read: ReadFile): number | undefined {
  const ports = [...(read('Dockerfile')?.text ?? '').matchAll(/^\s*EXPOSE\s+(\d+)/gim)];
  // The last stage is the one that runs.
  const port = ports.at(-1)?.[1];
  return port === undefined ? undefined : Number(port);
}

function nodeEntry(manifest: PackageManifest | undefined): string | undefined {
  const { start } = manifest?.scripts ?? {};
  const started = typeof start === 'string' ? /^node (?:--\S+ )*([^\s-]\S*)$/.exec(start)?.[1] : undefined;
  return started ?? (typeof manifest?.main === 'string' ? manifest.main.replace(/^\.\//, '') : undefined);
}

function isPython(read: ReadFile): boolean {
  return ['requirements.txt', 'pyproject.toml'].some((path) => read(path) !== undefined);
}

function pythonEntry(read: ReadFile): string {
  return ['main.py', 'app.py', 'app/main.py'].find((path) => read(path) !== undefined) ?? 'main.py';
}

function isPlausible(name: AnswerName, value: unknown): boolean {
  const { schema, test } = RULES[name];
  const { pattern, minimum = 0, maximum = 0 } = schema as { pattern?: string; minimum?: number; maximum?: number };
  if (typeof value === 'number') return minimum <= value && value <= maximum;
  return (pattern === undefined || new RegExp(pattern).test(String(value))) && test?.(String(value)) !== false;
}
