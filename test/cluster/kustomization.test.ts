import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { DEPLOYMENT, SERVICE } from '../cli/manifests.ts';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { useCluster } from './use-cluster.ts';

/** The kubectl that the harness built; the cluster itself is asked nothing. */
const kubectl = useCluster()?.facts.kubectl;

const BASE = {
  'k8s/base/kustomization.yaml': 'resources: [deployment.yaml, service.yaml]\n',
  'k8s/base/deployment.yaml': DEPLOYMENT,
  'k8s/base/service.yaml': SERVICE,
};
const PROBE = `apiVersion: apps/v1
kind: Deployment
metadata: { name: qna }
spec:
  template:
    spec:
      containers:
        - name: api
          readinessProbe: { httpGet: { path: /health/ready, port: 8080 } }
`;
const READINESS = ['--only', 'probes/readiness-probe'];

/** Judges a folder where these programs, given as scripts, and no others can be found. */
async function judged(
  files: Readonly<Record<string, string>>,
  path: string,
  programs: Readonly<Record<string, string>> = { kubectl: `exec ${kubectl?.join(' ')} "$@"` },
) {
  const scripts = Object.entries(programs).map(([name, script]) => [`bin/${name}`, `#!/bin/sh\n${script}\n`]);
  const cwd = temporaryFolder({ ...files, ...Object.fromEntries(scripts) });
  for (const [script = ''] of scripts) chmodSync(join(cwd, script), 0o755);
  vi.stubEnv('PATH', join(cwd, 'bin'));
  const { exitCode, stdout } = await runCli(['validate', path, ...READINESS, '--report', 'json'], { cwd });
  vi.unstubAllEnvs();
  return { exitCode, report: JSON.parse(stdout) as Report };
}

describe.skipIf(kubectl === undefined)('validate of a folder with a kustomization', () => {
  it('judges what is built, and places it in the file that it came from', async () => {
    const { exitCode, report } = await judged(
      { ...BASE, 'k8s/prod/kustomization.yaml': 'resources: [../base]\nnamePrefix: my-\nnamespace: prod\n' },
      'k8s/prod',
    );
    expect(exitCode).toBe(1);
    expect(report.findings.map(({ subject, where }) => [subject, where])).toEqual([
      ['Deployment prod/my-qna container api', { file: 'k8s/base/deployment.yaml', line: 13, column: 11 }],
    ]);
  });

  it('sees what a patch adds', async () => {
    const { exitCode } = await judged(
      {
        ...BASE,
        'k8s/prod/kustomization.yaml': 'resources: [../base]\npatches: [{ path: probe.yaml }]\n',
        'k8s/prod/probe.yaml': PROBE,
      },
      'k8s/prod',
    );
    expect(exitCode).toBe(0);
  });

  it('reads the files as they are where the kustomization changes nothing in them', async () => {
    const { exitCode, report } = await judged(BASE, 'k8s/base', {});
    expect([exitCode, report.sources[0]?.notSeen]).toEqual([1, []]);
  });

  it.each([
    ['a base that is missing', 'resources: [../nowhere]\n', undefined, /kubectl cannot build it: .*nowhere/],
    [
      'a base elsewhere on the network, to which there is no way',
      'resources: ["https://user:c4nary@127.0.0.1:9/base.yaml"]\nnamePrefix: a-\n',
      undefined,
      /kubectl cannot build it: (?!.*c4nary)/,
    ],
    ['neither kustomize nor kubectl', 'resources: [../base]\n', {}, /neither kustomize nor kubectl is installed/],
  ])('is not proven with %s, and says why', async (_, kustomization, programs, reason) => {
    const { exitCode, report } = await judged(
      { ...BASE, 'k8s/prod/kustomization.yaml': kustomization },
      'k8s/prod',
      programs,
    );
    expect(exitCode).toBe(3);
    expect(report.sources[0]?.notSeen[0]?.what).toBe('k8s/prod/kustomization.yaml');
    expect(report.sources[0]?.notSeen[0]?.reason).toMatch(reason);
  });

  it('takes kustomize before kubectl', async () => {
    const { report } = await judged({ ...BASE, 'k8s/prod/kustomization.yaml': 'resources: [../base]\n' }, 'k8s/prod', {
      kubectl: 'exit 0',
      kustomize: 'echo "Error: this is kustomize, in $2" >&2; exit 1',
    });
    expect(report.sources[0]?.notSeen[0]?.reason).toMatch(
      /^kustomize cannot build it: this is kustomize, in .*k8s\/prod$/,
    );
  });
});
