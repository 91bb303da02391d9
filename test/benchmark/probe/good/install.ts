import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CACHE } from '../../../cluster/cache.ts';
import { madeOnce } from '../../../cluster/made-once.ts';
import { CannotRun } from './good-service.ts';

const PROGRAMS = join(import.meta.dirname, 'programs');

/** Installs packages of npm once and puts the program beside them; gives the folder. */
export async function installNode(name: string, packages: readonly string[]): Promise<string> {
  const folder = await installed(name, packages.join(), (into) => {
    must('npm', ['install', '--prefix', into, '--no-audit', '--no-fund', '--ignore-scripts', ...packages], into);
  });
  cpSync(join(PROGRAMS, 'shared.mjs'), join(folder, 'shared.mjs'));
  cpSync(join(PROGRAMS, name), folder, { recursive: true });
  return folder;
}

/** Installs packages of Python into an environment of their own; gives its folder, with the program in it. */
export async function installPython(name: string, packages: readonly string[]): Promise<string> {
  const folder = await installed(name, packages.join(), (into) => {
    must('python3', ['-m', 'venv', into], into);
    must(
      join(into, 'bin/python'),
      ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages],
      into,
    );
  });
  cpSync(join(PROGRAMS, 'shared.py'), join(folder, 'shared.py'));
  cpSync(join(PROGRAMS, name), folder, { recursive: true });
  return folder;
}

/** Builds a program of Go; gives the binary. */
export async function buildGo(name: string): Promise<string> {
  const source = join(PROGRAMS, name);
  const text = ['go.mod', 'main.go'].map((file) => readFileSync(join(source, file), 'utf8')).join('\n');
  const folder = await installed(name, text, (into) => {
    cpSync(source, into, { recursive: true });
    must('go', ['mod', 'tidy'], into);
    must('go', ['build', '-o', 'qna', '.'], into);
  });
  return join(folder, 'qna');
}

/** Fetches what a pom.xml names and compiles the program; gives the folder with its classes and `libraries`. */
export function buildJava(name: string): Promise<string> {
  const source = join(PROGRAMS, name);
  const text = ['pom.xml', 'App.java'].map((file) => readFileSync(join(source, file), 'utf8')).join('\n');
  return installed(name, text, (into) => {
    cpSync(source, into, { recursive: true });
    must('mvn', ['--quiet', '--batch-mode', 'dependency:copy-dependencies', '-DoutputDirectory=libraries'], into);
    must('javac', ['-cp', 'libraries/*', 'App.java'], into);
  });
}

/** A folder outside of the work tree, for one program and one set of what it takes. */
function installed(name: string, takes: string, make: (folder: string) => void): Promise<string> {
  const hash = createHash('sha256').update(takes).digest('hex').slice(0, 16);
  return madeOnce(join(CACHE, 'benchmark-probe', `${name}-${hash}`), async (folder) => make(folder));
}

/** What a tool says in detail is for whoever runs the benchmark; the page that is published tells which tool it was. */
function must(command: string, args: readonly string[], cwd: string): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (error !== undefined) throw new CannotRun(`${basename(command)} is not on this machine`);
  if (status === 0) return;
  process.stderr.write(`${stderr || stdout}\n`);
  throw new CannotRun(`\`${basename(command)} ${args[0]}\` failed`);
}
