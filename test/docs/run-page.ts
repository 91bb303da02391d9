import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { temporaryFolder } from '../cli/temporary-folder.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** A command of a page, with what the page says that it prints and what it printed. */
export interface PageCommand {
  readonly command: string;
  readonly expected: string;
  readonly printed: string;
}

/**
 * Follows a page as a reader would, from the top, in one folder: a block of YAML that begins with `# path/of/file` is written to that
 * file, and every line of a `console` block that begins with `$ ` is run in bash. What stands below it, up to the next command, is what
 * it should print.
 */
export function followPage(page: string): readonly PageCommand[] {
  const folder = temporaryFolder();
  const bin = temporaryFolder({
    'qna-ready': `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'bin/qna-ready.ts')}' "$@"\n`,
  });
  chmodSync(join(bin, 'qna-ready'), 0o755);
  const env = { PATH: [bin, process.env.PATH].join(delimiter), HOME: folder, COLUMNS: '80', LC_ALL: 'C.UTF-8' };
  return blocksOf(page).flatMap(({ language, text }) => {
    const file = /^# ([\w./-]+)\n/.exec(text)?.[1];
    if (language === 'yaml' && file !== undefined) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text.slice(text.indexOf('\n') + 1));
    }
    return language === 'console' ? commandsOf(text).map((one) => ({ ...one, printed: run(one.command) })) : [];
  });

  function run(command: string): string {
    const { stdout } = spawnSync('bash', ['-c', `exec 2>&1; ${command}`], { cwd: folder, env, encoding: 'utf8' });
    return stdout.trimEnd();
  }
}

/** Whether a text is what a page shows, in which a line of `…` stands for any lines, and `…` within one for any words. */
export function isAsShown(expected: string, printed: string): boolean {
  const lines = expected.split('\n').map((line) => {
    const literal = line.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return line.trim() === '…' ? '(?:.*\n)*?' : `${literal.join('.*?')}\n`;
  });
  return new RegExp(`^${lines.join('')}$`).test(`${printed}\n`);
}

function blocksOf(page: string): readonly { readonly language: string; readonly text: string }[] {
  return [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({ language, text }));
}

function commandsOf(block: string): readonly { readonly command: string; readonly expected: string }[] {
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = '', ...rest] = part.split('\n');
      return { command, expected: rest.join('\n').trimEnd() };
    });
}
