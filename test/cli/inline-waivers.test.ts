import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const TERMS = 'until 2027-01-31 by team-qna: the base is built every night';
const NOW = new Date('2026-11-23T12:00:00Z');

const deployment = (
  name: string,
  { top = '', above = '', behind = '', annotation = '' } = {},
) => `${top}apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  annotations: { ${annotation} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - name: api
${above}          image: example/api${behind}
        - name: proxy
          image: example/proxy
`;

async function judged(files: Readonly<Record<string, string>>, only = 'image/pinned', path = '.', stdin = '') {
  const { exitCode, stdout } = await runCli(['validate', path, '--only', only, '--report', 'json'], {
    cwd: temporaryFolder(files),
    stdin,
    now: NOW,
  });
  const { findings } = JSON.parse(stdout) as Report;
  return {
    exitCode,
    waived: findings.filter(({ outcome }) => outcome === 'waived').map(({ subject }) => subject),
    failed: findings.filter(({ outcome }) => outcome === 'fail').map(({ check, subject }) => `${check} ${subject}`),
    findings,
  };
}

const BOTH = ['Deployment qna container api', 'Deployment qna container proxy'];

describe('a waiver within the input', () => {
  it.each([
    ['behind the line', { behind: ` # qna-ready: waive image/pinned ${TERMS}` }, BOTH.slice(0, 1)],
    ['above the line', { above: `          # qna-ready: waive image/pinned ${TERMS}\n` }, BOTH.slice(0, 1)],
    [
      'above the line, with a word of its own between',
      { above: `          # qna-ready: waive image/pinned ${TERMS}\n          # See the runbook.\n` },
      BOTH.slice(0, 1),
    ],
    ['above the object', { top: `# qna-ready: waive image/pinned ${TERMS}\n` }, BOTH],
    ['in an annotation of the object', { annotation: `waive.qna-ready.github.io/image.pinned: "${TERMS}"` }, BOTH],
  ])('holds %s', async (_, where, waived) => {
    const other = deployment('other');
    const found = await judged({ 'a.yaml': `${deployment('qna', where)}---\n${other}` });
    expect(found.waived).toEqual(waived);
    expect(found.failed).toHaveLength(4 - waived.length);
    expect(found.findings.find(({ outcome }) => outcome === 'waived')?.waiver).toEqual({
      expires: '2027-01-31',
      owner: 'team-qna',
      reason: 'the base is built every night',
    });
  });

  it('holds in a second document, in standard input and in a Dockerfile', async () => {
    const second = `${deployment('other')}---\n# qna-ready: waive image/pinned ${TERMS}\n${deployment('qna')}`;
    expect((await judged({ 'a.yaml': second })).waived).toEqual(BOTH);
    expect((await judged({}, 'image/pinned', '-', second)).waived).toEqual(BOTH);
    const dockerfile = `FROM node:24\n# qna-ready: waive secrets/credential-in-image ${TERMS}\nENV API_PASSWORD=hunter2hunter2\n`;
    const image = await judged({ Dockerfile: dockerfile, 'a.yaml': deployment('qna') }, 'secrets/credential-in-image');
    expect([image.exitCode, image.waived]).toEqual([0, ['Dockerfile ENV']]);
  });

  it.each([
    ['that has expired', 'image/pinned until 2026-11-22 by team-qna: x', /expired on 2026-11-22/],
    ['of a check that does not exist', `image/pined ${TERMS}`, /There is no check image\/pined/],
    ['of what does not fail', `image/pinned ${TERMS}`, /Nothing failed image\/pinned/],
    ['without a reason', 'image/pinned until 2027-01-31 by team-qna:', /cannot be read/],
    ['without an end', 'image/pinned by team-qna: always', /cannot be read/],
    ['until a day that no calendar has', 'image/pinned until 2027-13-45 by a: b', /cannot be read/],
  ])('is told when it is one %s', async (_, words, message) => {
    const pinned = deployment('qna', { top: `# qna-ready: waive ${words}\n` }).replace(/(image: \S+)/g, '$1:1.0.0');
    const { findings } = await judged({ 'a.yaml': pinned });
    const told = findings.filter(({ check }) => check === 'policy/waivers');
    expect(told).toHaveLength(1);
    expect(told[0]?.message).toMatch(message);
    expect(told[0]?.where).toEqual({ file: 'a.yaml', line: 1, column: 1 });
  });

  it('that was written for another line is told, and waives nothing', async () => {
    const found = await judged({
      'a.yaml': deployment('qna').replace('spec:', `spec: # qna-ready: waive image/pinned ${TERMS}`),
    });
    expect(found.waived).toEqual([]);
    expect(found.findings.find(({ check }) => check === 'policy/waivers')?.message).toMatch(
      /is what it is written for/,
    );
  });

  it('holds on an object of a cluster', async () => {
    const snapshot = {
      qnaReadySnapshot: 1,
      recordedAt: NOW.toISOString(),
      source: 'cluster',
      target: 'context staging',
      facts: Object.fromEntries(
        ['deployments', 'statefulSets', 'daemonSets', 'jobs', 'cronJobs', 'barePods', 'replicaSets', 'pods'].map(
          (fact) => [fact, { seen: true, value: [] as unknown[] }],
        ),
      ),
      notSeen: [],
    };
    snapshot.facts.deployments?.value.push({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {
        name: 'qna',
        namespace: 'prod',
        annotations: { 'waive.qna-ready.github.io/image.pinned': TERMS },
      },
      spec: { template: { spec: { containers: [{ name: 'api', image: 'example/api' }] } } },
    });
    const cwd = temporaryFolder({ 'snapshot.json': JSON.stringify(snapshot) });
    const { stdout } = await runCli(
      ['audit', '--from', 'snapshot.json', '--only', 'image/pinned', '--report', 'json'],
      { cwd, now: NOW },
    );
    const { findings } = JSON.parse(stdout) as Report;
    expect(findings.map(({ outcome, subject }) => [outcome, subject])).toEqual([
      ['waived', 'Deployment prod/qna container api'],
    ]);
  });
});
