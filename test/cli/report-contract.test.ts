import { createServer } from 'node:http';
import { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import schema from '../../schemas/report-v1.schema.json' with { type: 'json' };
import type { Report } from '../../src/core/report.ts';
import { CONFIG_MAP, DEPLOYMENT, READY_DEPLOYMENT, SERVICE } from './manifests.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ajv = new Ajv({ allErrors: true, strict: false });
ajvFormats.default(ajv);
const isReport = ajv.compile(schema);

function reportOf(stdout: string): Report {
  const value: unknown = JSON.parse(stdout);
  expect(isReport(value), JSON.stringify(isReport.errors)).toBe(true);
  return value as Report;
}

const SNAPSHOT = JSON.stringify({
  qnaReadySnapshot: 1,
  recordedAt: '2026-11-01T08:00:00.000Z',
  source: 'cluster',
  target: 'context staging, namespace qna',
  facts: { pods: { seen: true, value: [] }, secrets: { seen: false, reason: 'secrets is forbidden' } },
  notSeen: [{ what: 'secrets', reason: 'secrets is forbidden' }],
});

describe('the JSON report', () => {
  it.each([
    ['of good files', ['validate', 'good'], 0],
    ['of files that fail', ['validate', 'bad', '--only', 'probes/readiness-probe'], 1],
    ['of files that cannot be read', ['validate', 'broken'], 2],
    ['of a snapshot that saw little', ['audit', '--from', 'snapshot.json'], 3],
    ['in which no check found a subject', ['validate', 'good', '--only', 'network/egress'], 0],
    ['of a gate', ['gate', 'good'], undefined],
    ['of the whole checklist', ['checklist', 'good', '--snapshot', 'snapshot.json'], undefined],
  ] as const)('%s keeps to its schema', async (_, argv, exitCode) => {
    const cwd = temporaryFolder({
      'good/settings.yaml': CONFIG_MAP,
      'bad/all.yaml': `${DEPLOYMENT}---\n${SERVICE}`,
      'broken/all.yaml': 'kind: [\n',
      'snapshot.json': SNAPSHOT,
    });
    const result = await runCli([...argv, '--report', 'json'], { cwd });
    const report = reportOf(result.stdout);
    if (exitCode !== undefined) expect(result.exitCode).toBe(exitCode);
    expect(report.summary.exitCode).toBe(result.exitCode);
    const { pass, fail, unknown, notApplicable, waived } = report.summary;
    expect(pass + fail + unknown + notApplicable + waived).toBe(report.findings.length);
    expect(new Set(report.findings.map(({ id }) => id)).size).toBe(report.findings.length);
    const ids = new Set(report.findings.map(({ id }) => id));
    for (const item of report.items) for (const id of item.findings) expect(ids).toContain(id);
  });

  it('of an endpoint keeps to its schema', async () => {
    const server = createServer((_request, response) => response.end('ok'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      reportOf((await runCli(['probe', `http://127.0.0.1:${port}`, '--report', 'json'])).stdout);
    } finally {
      server.close();
    }
  });

  it('can be read again, and a sum of reports says what each said', async () => {
    const cwd = temporaryFolder({ 'k8s/all.yaml': `${READY_DEPLOYMENT}---\n${SERVICE}`, 'snapshot.json': SNAPSHOT });
    await runCli(['validate', 'k8s', '--report', 'json=validate.json', '--report', 'text'], { cwd });
    await runCli(['audit', '--from', 'snapshot.json', '--report', 'json=audit.json', '--report', 'text'], { cwd });
    const { stdout } = await runCli(
      ['checklist', '--from-report', 'validate.json', '--from-report', 'audit.json', '--report', 'json'],
      { cwd },
    );
    const report = reportOf(stdout);
    expect(report.sources.map(({ name }) => name)).toEqual(['files', 'cluster']);
    expect(report.items.find(({ id }) => id === '9.1')?.state).toBe('manual');
    expect(report.items.find(({ id }) => id === '3.3')).toMatchObject({
      state: 'unknown',
      missing: expect.stringContaining('endpoint'),
    });
    expect(report.summary.exitCode).not.toBe(0);
  });

  it.each([
    ['is no JSON', 'hello', 'it is not JSON'],
    ['is another JSON', '{}', 'is no report of version 1'],
  ])('is refused when what stands for it %s', async (_, text, sentence) => {
    const cwd = temporaryFolder({ 'report.json': text });
    const { exitCode, stderr } = await runCli(['checklist', '--from-report', 'report.json'], { cwd });
    expect(stderr).toContain(sentence);
    expect(exitCode).toBe(2);
  });
});
