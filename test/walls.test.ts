import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** Imports that cross a wall, and a word of the sentence that the linter must say about it. */
const CROSSINGS: readonly (readonly [file: string, line: string, word: string])[] = [
  ['src/core/planted.ts', "import { readFileSync } from 'node:fs';\nreadFileSync('x');", 'ground floor'],
  ['src/core/planted.ts', "import type { Kind } from '../kubernetes/kinds.ts';\nexport type X = Kind;", 'ground floor'],
  ['src/kubernetes/planted.ts', "import { parse } from 'yaml';\nparse('');", 'pure knowledge'],
  [
    'src/kubernetes/planted.ts',
    "import { CHECKS } from '../checks/index.ts';\nexport const x = CHECKS;",
    'Knowledge knows no judge',
  ],
  [
    'src/checks/planted.ts',
    "import { filesSource } from '../sources/files/files-source.ts';\nexport const x = filesSource;",
    'never sees where facts come from',
  ],
  [
    'src/checks/planted.ts',
    "export const x = () => import('../reporters/json.ts');",
    'never sees where facts come from',
  ],
  ['src/checks/planted.ts', "import { readFileSync } from 'node:fs';\nreadFileSync('x');", 'judges facts'],
  [
    'src/sources/files/planted.ts',
    "import { KubeConfig } from '@kubernetes/client-node';\nexport const x = new KubeConfig();",
    'client-node belongs',
  ],
  [
    'src/sources/files/planted.ts',
    "import { CHECKS } from '../../checks/index.ts';\nexport const x = CHECKS;",
    'A source observes',
  ],
  [
    'src/sources/cluster/planted.ts',
    "import { Chalk } from 'chalk';\nexport const x = new Chalk();",
    'chalk to the text reporter',
  ],
  ['src/sources/files/planted.ts', "import pg from 'pg';\nexport const x = pg.Client;", 'client-node belongs'],
  [
    'src/sources/history/planted.ts',
    "import { Chalk } from 'chalk';\nexport const x = new Chalk();",
    'PostgreSQL alone',
  ],
  [
    'src/reporters/planted.ts',
    "import { CHECKS } from '../checks/index.ts';\nexport const x = CHECKS;",
    'imports core only',
  ],
  ['src/reporters/planted.ts', "import { readFileSync } from 'node:fs';\nreadFileSync('x');", 'pure function'],
  [
    'src/scaffold/planted.ts',
    "import { CHECKS } from '../checks/index.ts';\nexport const x = CHECKS;",
    'scaffold writes files',
  ],
  [
    'src/cli/planted.ts',
    "import { Chalk } from 'chalk';\nexport const x = new Chalk();",
    'only commander comes from outside',
  ],
  [
    'src/cli/planted.ts',
    "import { CHECKS } from '../checks/index.ts';\nexport const x = CHECKS;",
    'the work is theirs',
  ],
  ['src/commands/planted.ts', "import { Command } from 'commander';\nexport const x = new Command();", 'the rooms'],
  ['src/commands/planted.ts', "import { parse } from 'yaml';\nparse('');", 'the rooms'],
  [
    'src/commands/planted.ts',
    "import { createApp } from '../../service/app.ts';\nexport const x = createApp;",
    'sealed room',
  ],
  [
    'service/planted.ts',
    "import { reasonOf } from '../src/core/errors.ts';\nexport const x = reasonOf;",
    'sealed room',
  ],
];

describe('the walls between the rooms', () => {
  let copy: string;

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'qna-ready-walls-'));
    cpSync(join(ROOT, 'biome.json'), join(copy, 'biome.json'));
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    spawnSync('git', ['init', '--quiet'], { cwd: copy });
  });

  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it.each(CROSSINGS)('stop %s from this: %s', (file, line, word) => {
    const path = join(copy, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${line}\n`);
    const { stdout, stderr, status } = lint(path);
    rmSync(path);
    expect(status).not.toBe(0);
    expect(stdout + stderr).toContain('noRestrictedImports');
    expect((stdout + stderr).replace(/\s+/g, ' ')).toContain(word);
  });

  it('let an innocent file pass', () => {
    const path = join(copy, 'src/checks/planted.ts');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "import type { Check } from '../core/check.ts';\n\nexport type Planted = Check;\n");
    const { status, stdout, stderr } = lint(path);
    rmSync(path);
    expect(status, stdout + stderr).toBe(0);
  });

  function lint(path: string) {
    return spawnSync(join(ROOT, 'node_modules/.bin/biome'), ['lint', '--colors=off', path], {
      cwd: copy,
      encoding: 'utf8',
    });
  }
});
