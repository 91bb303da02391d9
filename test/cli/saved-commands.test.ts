import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const SNAPSHOT = join(import.meta.dirname, '../../docs/recorded/audit-snapshot.json.gz');

it('a report of another cluster keeps its commands beside the same findings of this one', async () => {
  const cwd = temporaryFolder();
  const only = ['--only', '2.3'];
  await runCli(['audit', '--from', SNAPSHOT, ...only, '--report', 'json=other.json'], { cwd });
  const file = join(cwd, 'other.json');
  const other = readFileSync(file, 'utf8').replaceAll('"kubectl ', '"kubectl --context other ');
  writeFileSync(file, other);
  const args = ['checklist', '--snapshot', SNAPSHOT, '--from-report', 'other.json', ...only, '--report', 'json'];
  const { stdout } = await runCli(args, { cwd });
  const shown = (JSON.parse(stdout) as Report).findings.filter(({ command }) => command !== undefined);
  const [theirs, ours] = [shown.filter(({ id }) => id.endsWith('~2')), shown.filter(({ id }) => !id.endsWith('~2'))];
  expect(ours.length).toBeGreaterThan(0);
  expect(theirs.length).toBe(ours.length);
  expect(ours.filter(({ command }) => command?.includes('--context other'))).toEqual([]);
  expect(theirs.filter(({ command }) => !command?.includes('--context other'))).toEqual([]);
});
