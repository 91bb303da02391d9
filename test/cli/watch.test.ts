import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listenTo } from './listen-to.ts';
import { READY_DEPLOYMENT, SERVICE } from './manifests.ts';
import { temporaryFolder } from './temporary-folder.ts';

const READY = `${READY_DEPLOYMENT}---\n${SERVICE}`;
const WITHOUT_PROBE = READY.replace(/ +readinessProbe:\n.*\n/, '');

const watching = (cwd: string) => listenTo(['validate', 'k8s', '--watch', '--only', 'probes/readiness-probe'], cwd);

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
