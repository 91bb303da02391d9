import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { READY_DEPLOYMENT, SERVICE } from './manifests.ts';
import { temporaryFolder } from './temporary-folder.ts';

const BIN = join(import.meta.dirname, '../../bin/qna-ready.ts');
const READY = `${READY_DEPLOYMENT}---\n${SERVICE}`;
const WITHOUT_PROBE = READY.replace(/ +readinessProbe:\n.*\n/, '');

const ended: (() => void)[] = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
});

/** A process that watches, and a way to wait for what it says next. */
function watching(cwd: string) {
  const child = spawn(process.execPath, [BIN, 'validate', 'k8s', '--watch', '--only', 'probes/readiness-probe'], {
    cwd,
  });
  ended.push(() => child.kill('SIGKILL'));
  let said = '';
  let wake = () => {};
  const hear = (chunk: Buffer) => {
    said += chunk.toString();
    wake();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const exited = new Promise<number | null>((done) => child.on('exit', done));
  return {
    exited,
    stop: () => child.kill('SIGINT'),
    /** Waits until it has said so, and forgets all up to there. */
    async says(pattern: RegExp): Promise<string> {
      for (;;) {
        const match = pattern.exec(said);
        if (match !== null) {
          const before = said.slice(0, match.index + match[0].length);
          said = said.slice(before.length);
          return before;
        }
        await new Promise<void>((done) => {
          wake = done;
        });
      }
    },
  };
}

describe('validate --watch', { timeout: 60_000 }, () => {
  it('tells what is new and what is gone after each change, and goes on through broken files', async () => {
    const cwd = temporaryFolder({ 'k8s/a.yaml': READY });
    const file = join(cwd, 'k8s/a.yaml');
    const { says, stop, exited } = watching(cwd);
    expect(await says(/Waiting for changes/)).toContain('Ready: 1 passed');
    writeFileSync(file, WITHOUT_PROBE);
    expect(await says(/1 failure, judged in \d+ ms/)).toMatch(
      /\+ error probes\/readiness-probe Deployment qna container api: .* k8s\/a\.yaml:\d+:\d+/,
    );
    writeFileSync(file, 'kind: [\n');
    expect(await says(/\d+ failures?, judged in \d+ ms/)).toMatch(/\? k8s\/a\.yaml:\d+:\d+: it cannot be parsed/);
    writeFileSync(file, WITHOUT_PROBE);
    await says(/\+ error probes\/readiness-probe.*\n(?:.*\n)*1 failure, judged in/);
    writeFileSync(join(cwd, 'k8s/b.yaml'), READY.replaceAll('qna', 'other'));
    writeFileSync(file, READY);
    expect(await says(/0 failures, judged in/)).toContain('- error probes/readiness-probe Deployment qna');
    stop();
    expect(await exited).toBe(0);
  });

  it('waits for a folder that is empty for a moment', async () => {
    const cwd = temporaryFolder({ 'k8s/a.yaml': READY });
    const { says, stop, exited } = watching(cwd);
    await says(/Waiting for changes/);
    rmSync(join(cwd, 'k8s/a.yaml'));
    await says(/\? No Kubernetes manifest was found in k8s/);
    writeFileSync(join(cwd, 'k8s/a.yaml'), WITHOUT_PROBE);
    await says(/1 failure, judged in/);
    stop();
    expect(await exited).toBe(1);
  });
});
