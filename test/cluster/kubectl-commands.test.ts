import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report, ReportFinding } from '../../src/core/report.ts';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { installDefinitions } from './definitions.ts';
import { FAR_FROM_EDGE } from './far-from-edge.ts';
import { createProject } from './scenarios/stage.ts';
import { useCluster } from './use-cluster.ts';

const cluster = useCluster();
/** Commands at a time; each starts a program. */
const AT_ONCE = 3;

/** What is wrong here is written at paths that a shell and a JSONPath have to be careful with. */
const ODD = `apiVersion: v1
kind: ConfigMap
metadata:
  name: odd
  labels: { app.kubernetes.io/part-of: "odd" }
data:
  app.env: "PASSWORD=hunter2-the-real-one"
  database-password: pebble-mast-77-zinc
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: odd
  annotations: { waive.qna-ready.github.io/image.pinned: "until 2027-01-01" }
spec:
  selector: { matchLabels: { app: odd } }
  template:
    metadata: { labels: { app: odd } }
    spec:
      containers:
        - name: api
          image: ghcr.io/example/odd
          env: [{ name: API_TOKEN, value: "tok-53cr3t-odd-value" }]
          ports: [{ containerPort: 8080 }]
---
apiVersion: v1
kind: Service
metadata: { name: odd }
spec: { selector: { app: odd }, ports: [{ port: 80, targetPort: http }] }
`;

describe.skipIf(cluster === undefined || cluster.facts.tier === 'given')('the kubectl commands of an audit', () => {
  if (cluster === undefined) return;
  let namespace = '';
  let folderOfKubectl = '';

  beforeAll(async () => {
    // The test's kubectl is a program that is several; a person has one of that name.
    folderOfKubectl = mkdtempSync(join(tmpdir(), 'qna-ready-kubectl-'));
    const program = cluster.facts.kubectl.map((word) => `'${word}'`).join(' ');
    writeFileSync(join(folderOfKubectl, 'kubectl'), `#!/bin/sh\nexec ${program} "$@"\n`, { mode: 0o755 });
    const removeDefinitions = await installDefinitions(cluster);
    namespace = await cluster.createNamespace();
    const { folder } = await createProject(namespace, `${namespace}.example.test`);
    await cluster.kubectl('apply', '-f', `${folder}/k8s/secrets.yaml`);
    await cluster.kubectl('apply', '-k', `${folder}/k8s`);
    await cluster.apply(ODD, `--namespace=${namespace}`);
    return async () => {
      rmSync(folderOfKubectl, { recursive: true, force: true });
      await removeDefinitions();
    };
  });

  it('run, every one of them, and print what the finding points at', async () => {
    const { findings } = await audit('--kubeconfig', cluster.kubeconfigFor('admin', namespace));
    const objects = findings.filter(({ where }) => where !== undefined && 'object' in where);
    expect(objects.filter(({ command }) => command === undefined)).toEqual([]);
    const commands = [...Map.groupBy(findings.filter(isShown), ({ command }) => command)];
    expect(commands.length).toBeGreaterThan(40);
    const printed = new Map<string, string>();
    await each(commands, async ([command]) => {
      const { code, stdout, stderr } = await sh(command);
      expect(code, `${command}\n${stderr}`).toBe(0);
      expect(stdout.trim(), command).not.toBe('');
      printed.set(command, stdout);
    });
    // A number or a word that stands in the object is what the command prints.
    const ofImage = findings.find(
      ({ check, outcome, subject }) => check === 'image/pinned' && outcome === 'fail' && subject.includes('odd'),
    );
    expect(printed.get(ofImage?.command ?? '')).toContain('ghcr.io/example/odd');
    const all = [...printed.values()].join('\n');
    for (const secret of ['hunter2', 'pebble-mast', 'tok-53cr3t']) {
      const showing = commands.filter(([command]) => printed.get(command)?.includes(secret));
      const credential = showing
        .flatMap(([, told]) => told)
        .filter(({ check }) => check.startsWith('secrets/credential'));
      expect(credential, secret).toEqual([]);
    }
    expect(all).not.toMatch(/kind: Secret\b/);
  });

  it('name the context that was given, and answer for a right that is missing', async () => {
    const kubeconfig = cluster.kubeconfigFor('stranger', namespace);
    const { findings } = await audit('--kubeconfig', kubeconfig, '--context', 'test', '-n', namespace);
    const commands = [...new Set(findings.flatMap(({ command }) => command ?? []))];
    expect(commands.length).toBeGreaterThan(3);
    await each(commands, async (command) => {
      expect(command).toContain('--context test ');
      expect(command).toContain(' auth can-i ');
      // kubectl tells a refusal with its exit code too.
      const { code, stdout } = await sh(command);
      expect([code, stdout.trim()], command).toEqual([1, 'no']);
    });
  });

  async function audit(...args: readonly string[]): Promise<Report> {
    const { stdout } = await runCli(['audit', ...args, ...FAR_FROM_EDGE, '--report', 'json'], {
      cwd: temporaryFolder(),
    });
    return JSON.parse(stdout) as Report;
  }

  /** As a person would who copies the line. */
  function sh(line: string): Promise<{ readonly code: unknown; readonly stdout: string; readonly stderr: string }> {
    const env = { PATH: `${folderOfKubectl}:${process.env.PATH}`, HOME: '/nowhere' };
    return new Promise((resolve) =>
      execFile('/bin/sh', ['-c', line], { env }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
      ),
    );
  }
});

function isShown(finding: ReportFinding): finding is ReportFinding & { readonly command: string } {
  return finding.command !== undefined && !finding.command.includes(' auth can-i ');
}

async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) await work(next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
