import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const RECORDED = resolve(import.meta.dirname, '../recorded');
/** Reports that earlier states of the program wrote of the same two objects, as they wrote them. They are never made anew. */
const REPORTS = readdirSync(RECORDED).filter((name) => name.startsWith('report-v1-'));
const OBJECTS = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: qna
  namespace: prod
spec:
  replicas: 1
  selector: { matchLabels: { app: qna } }
  template:
    metadata: { labels: { app: qna } }
    spec:
      containers:
        - name: api
          image: ghcr.io/example/qna:latest
          ports: [{ containerPort: 8080 }]
          env: [{ name: PORT, value: "8080" }]
---
apiVersion: v1
kind: Service
metadata: { name: qna, namespace: prod }
spec: { selector: { app: qna }, ports: [{ port: 80, targetPort: 8080 }] }
`;

describe.each(REPORTS)('the report %s of an earlier version', (name) => {
  const file = join(RECORDED, name);
  const earlier = JSON.parse(readFileSync(file, 'utf8')) as Report;

  it('can still be read, and says in a checklist what it said', async () => {
    const { stdout, exitCode } = await runCli(['checklist', '--from-report', file, '--report', 'json']);
    const now = JSON.parse(stdout) as Report;
    const said = ({ findings }: Report) => findings.map(({ check, subject, outcome }) => [check, subject, outcome]);
    expect(said(now)).toEqual(said(earlier));
    expect(exitCode).toBe(1);
    const todo = ({ items }: Report) => items.filter(({ state }) => state === 'todo').map(({ id }) => id);
    expect(todo(now)).toEqual(expect.arrayContaining(todo(earlier)));
  });

  it('is still a baseline for the same objects: what failed then fails no run', async () => {
    const cwd = temporaryFolder({ 'k8s/deployment.yaml': OBJECTS });
    const { stdout } = await runCli(['validate', 'k8s', '--baseline', file, '--report', 'json'], { cwd });
    const { findings } = JSON.parse(stdout) as Report;
    const failed = earlier.findings.filter(({ outcome }) => outcome === 'fail').map(({ check }) => check);
    const failing = findings.filter(({ outcome }) => outcome === 'fail').map(({ check }) => check);
    expect(failing.filter((check) => failed.includes(check))).toEqual([]);
    expect(findings.filter(({ outcome }) => outcome === 'waived').length).toBeGreaterThan(15);
  });
});
