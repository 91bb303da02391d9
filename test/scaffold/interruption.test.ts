import { spawnSync } from 'node:child_process';
import { cpSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Disk } from '../../src/scaffold/disk.ts';
import { applyScaffold, planScaffold, type Scaffold } from '../../src/scaffold/scaffold.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { diskThatEnds } from './disk-that-ends.ts';
import { filesBelow, initIn, readYaml, textOf } from './scaffolded.ts';

const SECRETS = 'k8s/secrets.yaml';
const HOST = 'ask.team.org';
const KILLED = join(import.meta.dirname, 'killed-init.ts');

/** Projects in which init has something to do: everything, or an update, a merge and a conflict. */
const PROJECTS: Readonly<Record<string, (root: string) => Promise<void>>> = {
  'an empty folder': async () => {},
  'edited files': async (root) => {
    await initIn(root, ['--name', 'qna']);
    edit(root, 'k8s/ingress.yaml', '    - host: qna.example.com', '    - host: mine.example.com');
    edit(root, 'overlays/staging/kustomization.yaml', 'resources:', 'namePrefix: try-\nresources:');
    rmSync(join(root, 'k8s/pdb.yaml'));
  },
};

describe.each(Object.entries(PROJECTS))('init over %s', (_what, prepare) => {
  let before: string;
  /** Of any copy: its paths begin in the project. */
  let plan: Scaffold;
  let after: Readonly<Record<string, string>>;
  let steps: number;

  beforeEach(async () => {
    before = temporaryFolder();
    await prepare(before);
    plan = planScaffold(copyOf(before), { host: HOST });
    const whole = copyOf(before);
    const disk = diskThatEnds(-1, () => never());
    run(whole, disk.disk);
    after = treeOf(whole);
    steps = disk.steps();
  });

  it('leaves every file whole when it is killed at any step, and the next run brings it to its end', async () => {
    for (let step = 0; step < steps; step += 1) {
      const root = copyOf(before);
      let isDead = false;
      const { disk } = diskThatEnds(step, () => {
        isDead = true;
        return never();
      });
      expect(() =>
        run(
          root,
          deadAfter(disk, () => isDead),
        ),
      ).toThrow();
      expect(isDead, `step ${step}`).toBe(true);
      expectWhole(root, `killed at step ${step}`);
      await expectEnd(root, `killed at step ${step}`);
    }
  });

  it('changes nothing when the disk refuses before the first file is in its place', () => {
    for (let step = 0; step < steps; step += 1) {
      const root = copyOf(before);
      const { disk } = diskThatEnds(step, () => {
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      });
      const message = messageOf(() => run(root, disk));
      if (message.startsWith('The files cannot be written to'))
        expect(treeOf(root, true)).toEqual(treeOf(before, true));
      else expectWhole(root, `refused at step ${step}`);
    }
  });

  it.each([0.3, 0.7, 0.95])('is no worse off after a kill by the system, %d of the way through', async (share) => {
    const root = copyOf(before);
    const step = Math.floor(steps * share);
    const { signal } = spawnSync(process.execPath, [KILLED, root, String(step), HOST]);
    expect(signal).toBe('SIGKILL');
    expectWhole(root, `killed at step ${step}`);
    await expectEnd(root, `killed at step ${step}`);
    expect((await initIn(root)).stdout).toMatch(/^0 of \d+ files were written\.$/m);
  });

  function run(root: string, disk: Disk): void {
    applyScaffold(root, plan, disk);
  }

  /** Each file is as it was or as it will be, and no secret is where git or another user would see it. */
  function expectWhole(root: string, when: string): void {
    const files = filesBelow(root);
    if (files.includes(SECRETS)) {
      expect(textOf(root, '.gitignore'), when).toContain(SECRETS);
      expect(statSync(join(root, SECRETS)).mode & 0o777, when).toBe(0o600);
    }
    const staged = files.filter((path) => path.startsWith('.qna-ready/staging-'));
    const [staging = ''] = new Set(staged.map((path) => dirname(path)));
    if (staged.length > 0) expect(textOf(root, `${staging}/.gitignore`), when).toMatch(/^\*/);
    const [was, is] = [treeOf(before), treeOf(root)];
    for (const path of new Set([...Object.keys(was), ...Object.keys(is)]))
      expect([was[path], after[path]], `${path}, ${when}`).toContain(is[path]);
  }

  async function expectEnd(root: string, when: string): Promise<void> {
    const { exitCode } = await initIn(root, ['--host', HOST]);
    expect(exitCode, when).toBe(0);
    expect(treeOf(root, true), when).toEqual(after);
  }
});

function deadAfter(disk: Disk, isDead: () => boolean): Disk {
  return Object.fromEntries(
    Object.entries(disk).map(([name, act]: [string, (...args: never[]) => void]) => [
      name,
      (...args: never[]) => (isDead() ? never() : act(...args)),
    ]),
  ) as unknown as Disk;
}

function never(): never {
  throw new Error('the run is dead');
}

/** Every file with its text, what is staged left out unless asked for; of secrets, which differ between runs, the keys. */
function treeOf(root: string, withStaged = false): Readonly<Record<string, string>> {
  const paths = filesBelow(root).filter((path) => withStaged || !path.startsWith('.qna-ready/staging-'));
  return Object.fromEntries(paths.map((path) => [path, path === SECRETS ? keysOf(root) : textOf(root, path)]));
}

function keysOf(root: string): string {
  return Object.keys(readYaml(textOf(root, SECRETS))[0].stringData).join(' ');
}

function copyOf(folder: string): string {
  // The same name, which is where the service gets its own from.
  const copy = join(temporaryFolder(), 'qna');
  cpSync(folder, copy, { recursive: true });
  return copy;
}

function edit(root: string, path: string, from: string, to: string): void {
  const text = textOf(root, path);
  expect(text).toContain(from);
  writeFileSync(join(root, path), text.replace(from, to));
}

function messageOf(act: () => void): string {
  try {
    act();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}
