import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const RECORDED = join(import.meta.dirname, '../recorded/audit-snapshot-v1.json');
const STORAGE = ['--only', 'storage/bound'];

const audit = (cwd: string, ...args: readonly string[]) => runCli(['audit', ...args], { cwd });

describe('audit --from', () => {
  it('tells the same as the recording, byte for byte, whatever the day', async () => {
    const cwd = temporaryFolder();
    const first = await audit(cwd, '--from', RECORDED, '--save', 'a.json.gz', '--report', 'json');
    expect(first.stderr).toContain('Saved the snapshot to a.json.gz.');
    const later = await runCli(['audit', '--from', 'a.json.gz', '--report', 'json'], {
      cwd,
      now: new Date('2031-01-01'),
    });
    expect(later.stdout).toBe(first.stdout);
    expect(later.exitCode).toBe(first.exitCode);
    expect(later.stderr).toBe('Replayed from a.json.gz, recorded 2026-11-23T21:37:04.205Z.\n');
    const report = JSON.parse(later.stdout) as Report;
    expect(report.startedAt).toBe('2026-11-23T21:37:04.205Z');
    expect(report.sources[0]?.recordedAt).toBe(report.startedAt);
  });

  it.each(['text', 'markdown', 'html'])('says in %s when the cluster was observed', async (format) => {
    const { stdout } = await audit(temporaryFolder(), '--from', RECORDED, '--report', format);
    expect(stdout.replace(/\s+/g, ' ')).toContain('observed 2026-11-23T21:37:04.205Z');
  });

  it('holds a waiver for good that held when it was recorded', async () => {
    const cwd = temporaryFolder();
    const { stdout } = await audit(cwd, '--from', RECORDED, '--report', 'json');
    const failed = (JSON.parse(stdout) as Report).findings.find(({ outcome }) => outcome === 'pass');
    expect(failed).toBeDefined();
    const config = (expires: string) =>
      `waivers:\n  - { check: ${failed?.check}, reason: known, owner: team-qna, expires: '${expires}' }\n`;
    writeFileSync(join(cwd, 'then.yaml'), config('2026-11-24'));
    writeFileSync(join(cwd, 'before.yaml'), config('2026-11-22'));
    const expired = async (file: string) =>
      (await audit(cwd, '--from', RECORDED, '--config', file, '--report', 'json')).stdout.includes('It expired on');
    expect(await expired('then.yaml')).toBe(false);
    expect(await expired('before.yaml')).toBe(true);
  });

  it('makes unknown what nobody recorded, and asks of it nothing that was not chosen', async () => {
    const cwd = temporaryFolder();
    await audit(cwd, '--from', RECORDED, '--save', 'whole.json');
    const file = JSON.parse(readFileSync(join(cwd, 'whole.json'), 'utf8'));
    delete file.snapshots[0].facts.persistentVolumeClaims;
    writeFileSync(join(cwd, 'older.json'), JSON.stringify(file));
    const { stdout, exitCode } = await audit(cwd, '--from', 'older.json', ...STORAGE, '--report', 'json');
    const { findings, sources } = JSON.parse(stdout) as Report;
    expect(findings.map(({ check, outcome }) => `${check} ${outcome}`)).toEqual(['storage/bound unknown']);
    expect(findings[0]?.message).toContain('the snapshot was recorded without persistentVolumeClaims');
    expect(sources[0]?.notSeen.map(({ what }) => what)).toEqual(['persistentVolumeClaims']);
    expect(exitCode).toBe(3);
    // What is saved again is what was recorded, and not what was missed.
    await audit(cwd, '--from', 'older.json', '--save', 'again.json');
    expect(readFileSync(join(cwd, 'again.json'), 'utf8')).not.toContain('recorded without');
  });

  it('tells several contexts apart, in audit and in the checklist', async () => {
    const cwd = temporaryFolder();
    await audit(cwd, '--from', RECORDED, '--save', 'one.json');
    const file = JSON.parse(readFileSync(join(cwd, 'one.json'), 'utf8'));
    const [snapshot] = file.snapshots;
    file.snapshots = [
      { ...snapshot, label: 'eu' },
      { ...snapshot, label: 'us' },
    ];
    writeFileSync(join(cwd, 'two.json'), JSON.stringify(file));
    for (const argv of [
      ['audit', '--from', 'two.json'],
      ['checklist', '--snapshot', 'two.json'],
    ]) {
      const { stdout } = await runCli([...argv, ...STORAGE, '--report', 'json'], { cwd });
      const subjects = (JSON.parse(stdout) as Report).findings.map(({ subject }) => subject.split(':')[0]);
      expect(new Set(subjects)).toEqual(new Set(['eu', 'us']));
    }
  });

  it('refuses a file whose objects are spoilt in their depths', async () => {
    const file = JSON.parse(readFileSync(RECORDED, 'utf8'));
    file.facts.deployments.value[0].spec.template.spec.containers = 5;
    const cwd = temporaryFolder({ 'spoilt.json': JSON.stringify(file) });
    const { exitCode, stderr } = await audit(cwd, '--from', 'spoilt.json');
    expect(stderr).toMatch(/spoilt\.json cannot be judged: .*\.\n/);
    expect(exitCode).toBe(2);
  });

  it('ends in a sentence, and never in a bug, whatever the objects are made of', { timeout: 120_000 }, async () => {
    const cwd = temporaryFolder();
    const whole = readFileSync(RECORDED, 'utf8');
    const junk = fc.constantFrom(null, 0, true, 'x', [], {}, [null], ['x'], { x: null });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { minLength: 1, maxLength: 9 }), junk, async (path, value) => {
        const file = JSON.parse(whole);
        spoil(file.facts, path, value);
        writeFileSync(join(cwd, 'spoilt.json'), JSON.stringify(file));
        const { exitCode, stderr, stdout } = await audit(cwd, '--from', 'spoilt.json');
        expect(stderr + stdout).not.toMatch(/this is a bug|\n {4}at /);
        expect([0, 1, 2, 3]).toContain(exitCode);
      }),
      { numRuns: 12 },
    );
  });
});

/** Puts something else in a place that is found by turning at each object where a number says. */
function spoil(root: Record<string, unknown>, path: readonly number[], value: unknown): void {
  let here: Record<string, unknown> = root;
  for (const [depth, turn] of path.entries()) {
    const keys = Object.keys(here);
    const key = keys[turn % Math.max(1, keys.length)];
    if (key === undefined) return;
    const next = here[key];
    if (depth === path.length - 1 || typeof next !== 'object' || next === null) {
      here[key] = value;
      return;
    }
    here = next as Record<string, unknown>;
  }
}

describe('audit --save', () => {
  const save = (cwd: string, file: string) => audit(cwd, '--from', RECORDED, ...STORAGE, '--save', file);

  it('makes the folder, takes the place of what was there, and leaves nothing else', async () => {
    const cwd = temporaryFolder({ 'kept/snapshot.json': 'old' });
    await save(cwd, 'kept/snapshot.json');
    await save(cwd, 'new/deep/snapshot.json');
    expect(readdirSync(join(cwd, 'kept'))).toEqual(['snapshot.json']);
    expect(readdirSync(join(cwd, 'new/deep'))).toEqual(['snapshot.json']);
    expect(readFileSync(join(cwd, 'kept/snapshot.json'), 'utf8')).toMatch(/^\{"qnaReadySnapshot":2,/);
  });

  it('lets a link lead where it led', async () => {
    const cwd = temporaryFolder({ 'real.json': 'old' });
    symlinkSync('real.json', join(cwd, 'link.json'));
    await save(cwd, 'link.json');
    expect(readFileSync(join(cwd, 'real.json'), 'utf8')).toContain('qnaReadySnapshot');
    expect(readdirSync(cwd).sort()).toEqual(['link.json', 'real.json']);
  });

  it.each([
    ['a folder', 'folder', /folder cannot be written: .*\./],
    ['a place below a file', 'file.json/snapshot.json', /snapshot\.json cannot be written: .*\./],
    ['a device that is full', '/dev/full', /\/dev\/full cannot be written: .*no space left.*\./],
  ])('says in a sentence that it cannot write to %s', async (_, file, sentence) => {
    const cwd = temporaryFolder({ 'file.json': 'x' });
    mkdirSync(join(cwd, 'folder'));
    const { exitCode, stderr } = await save(cwd, file);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(exitCode).toBe(2);
    expect(readdirSync(cwd).sort()).toEqual(['file.json', 'folder']);
    expect(statSync('/dev/full').isCharacterDevice()).toBe(true);
  });

  it.skipIf(process.getuid?.() !== 0 || !canMount())('leaves what was there on a disk that is full', async () => {
    const cwd = temporaryFolder({ 'disk/.keep': '' });
    const disk = join(cwd, 'disk');
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
    onTestFinished(() => void execFileSync('umount', [disk]));
    writeFileSync(join(disk, 'snapshot.json'), 'what was there before');
    const { exitCode, stderr } = await save(cwd, 'disk/snapshot.json');
    expect(stderr).toMatch(
      /disk\/snapshot\.json cannot be written: .*no space left.*\.\n.*Nothing was changed there\./,
    );
    expect(exitCode).toBe(2);
    expect(readFileSync(join(disk, 'snapshot.json'), 'utf8')).toBe('what was there before');
    expect(readdirSync(disk)).toEqual(['snapshot.json']);
  });

  it.skipIf(process.getuid?.() === 0)('leaves a folder alone that may not be written to', async () => {
    const cwd = temporaryFolder({ 'closed/.keep': '' });
    chmodSync(join(cwd, 'closed'), 0o500);
    const { exitCode } = await save(cwd, 'closed/snapshot.json');
    expect(exitCode).toBe(2);
    expect(existsSync(join(cwd, 'closed/snapshot.json'))).toBe(false);
  });
});

function canMount(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
