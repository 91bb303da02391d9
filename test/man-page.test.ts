import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { manPage } from '../scripts/man-page.ts';
import { machineProgram } from './machine-programs.ts';

const FILE = join(import.meta.dirname, '../man/qna-ready.1');
const mandoc = machineProgram('mandoc');

describe('the manual page', () => {
  it('has every command with its options, its environment and the exit codes', () => {
    const page = manPage();
    for (const words of ['.SS checklist', '.SS completion', '\\fB\\-\\-all\\-namespaces\\fR', '.B NO_COLOR', '.B 3'])
      expect(page).toContain(words);
  });

  it('keeps hyphens to be copied, and lets no text give orders to roff', () => {
    for (const line of manPage().split('\n')) {
      if (/^[.']/.test(line)) expect(line).toMatch(/^\.(?:\\"|TH|SH|SS|TP|B|I|PP|br|nf|fi|RS|RE|BR)\b|^\.\\"/);
      if (!line.startsWith('.\\"')) expect(line).not.toMatch(/(?<!\\)-/);
    }
  });

  it.skipIf(mandoc === undefined)(
    'is clean for mandoc, but for the date that a version without a release lacks',
    () => {
      const { stdout, stderr } = spawnSync(mandoc ?? '', ['-T', 'lint', '-W', 'warning', FILE], { encoding: 'utf8' });
      const complaints = `${stdout}${stderr}`
        .split('\n')
        .filter((line) => line !== '' && !line.includes('missing date'));
      expect(complaints).toEqual([]);
    },
  );

  it.skipIf(mandoc === undefined)('is read with every option whole', () => {
    const { stdout } = spawnSync(mandoc ?? '', ['-T', 'ascii', '-O', 'width=80', FILE], { encoding: 'utf8' });
    // A letter that is struck twice is bold.
    const shown = stdout.split('\b').reduce((text, part) => text.slice(0, -1) + part);
    expect(shown).toContain('--fail-on severity');
    expect(shown).toContain('qna-ready checklist [options] [command] [path...]');
    expect(shown).toContain("outage-command 'docker stop db'");
  });
});
