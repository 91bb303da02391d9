import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '../cli/temporary-folder.ts';

const BIN = join(import.meta.dirname, '../../bin/qna-ready.ts');

/** A package with the name and the program of ours, packed by npm, that runs the sources of this clone. Gives the tarball. */
export function packProgram(version: string): string {
  const folder = temporaryFolder({
    'package.json': JSON.stringify({ name: 'qna-ready', version, type: 'module', bin: { 'qna-ready': 'run.js' } }),
    'run.js': `#!/usr/bin/env node\nawait import(${JSON.stringify(BIN)});\n`,
  });
  const { status, stderr } = spawnSync('npm', ['pack', '--silent'], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: pathOfTests(), HOME: folder },
  });
  if (status !== 0) throw new Error(stderr);
  return join(folder, `qna-ready-${version}.tgz`);
}

/** Where the Node.js comes first that the tests run on. */
export function pathOfTests(): string {
  return `${dirname(process.execPath)}:${process.env.PATH}`;
}
