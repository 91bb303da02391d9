import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPORT_FORMATS } from '../../src/reporters/reporter.ts';
import { type CliWorld, runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Values that must never leave the files that they stand in, each in the form of a real one. */
const CANARIES = {
  openai: 'sk-proj-canary0000000000000000000000000001',
  password: 'c4nary-Passw0rd-0002',
  url: 'c4naryUrlPassw0rd0003',
  jwt: 'eyJjYW5hcnkiOjEwMDA0.eyJjYW5hcnkiOjEwMDA0.c4narySignature0004',
  envFile: 'c4nary-env-file-0005',
  dockerfile: 'hf_c4nary00000000000000000000006',
  configMap: 'c4nary-configmap-0007',
  argument: 'sk-ant-c4nary000000000000000000008',
  broken: 'c4nary-in-broken-yaml-0009',
} as const;

const FILES = {
  'k8s/secret.yaml': `apiVersion: v1
kind: Secret
metadata:
  name: qna
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: '{"stringData":{"OPENAI_API_KEY":"${CANARIES.openai}"}}'
stringData:
  OPENAI_API_KEY: ${CANARIES.openai}
data:
  POSTGRES_PASSWORD: ${Buffer.from(CANARIES.password).toString('base64')}
`,
  'k8s/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: qna }
spec:
  selector: { matchLabels: { app: qna } }
  template:
    metadata: { labels: { app: qna } }
    spec:
      containers:
        - name: api
          image: ghcr.io/example/qna:1.0.0
          args: ['--api-key=${CANARIES.argument}']
          env:
            - { name: POSTGRES_PASSWORD, value: ${CANARIES.password} }
            - { name: DATABASE_URL, value: 'postgres://qna:${CANARIES.url}@db/qna' }
            - { name: SESSION_TOKEN, value: ${CANARIES.jwt} }
`,
  'k8s/configmap.yaml': `apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data:
  DB_PASSWORD: ${CANARIES.configMap}
  .env: |
    OPENAI_API_KEY=${CANARIES.openai}
`,
  'k8s/broken.yaml': `apiVersion: v1\nkind: Secret\nstringData:\n  password: "${CANARIES.broken}\n`,
  'k8s/broken.json': `{"apiVersion": "v1", "kind": "Secret", "stringData": {"password": "${CANARIES.broken}" "x"}}`,
  '.env': `OPENAI_API_KEY=${CANARIES.envFile}\n`,
  Dockerfile: `FROM node:24\nENV HF_TOKEN=${CANARIES.dockerfile}\n`,
};

describe('a planted secret', () => {
  it.each<[name: string, argv: readonly string[], world?: CliWorld]>([
    ['validate as text', ['validate', '.', '--verbose']],
    ['validate on a terminal, with the lines of the files', ['validate', '.'], { isTTY: true, columns: 200 }],
    ['validate as JSON', ['validate', '.', '--report', 'json']],
    [
      'validate in every format at once',
      ['validate', '.', '--verbose', ...REPORT_FORMATS.flatMap((format) => ['--report', `${format}=report.${format}`])],
    ],
    ['validate of one file', ['validate', 'k8s/secret.yaml', '.env', 'Dockerfile', '--verbose']],
    ['a patch', ['validate', '.', '--fix', '--dry-run']],
    ['validate, explained', ['validate', '.', '--explain']],
    ['validate, in few words', ['validate', '.', '--quiet']],
    ['checklist', ['checklist', '.', '--verbose']],
    ['gate', ['gate', '.'], { env: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: 'report.summary.md' } }],
    [
      'checklist sign',
      [
        'checklist',
        'sign',
        '9.1',
        '.',
        '--by',
        'J',
        '--note',
        'n',
        '--until',
        '2027-01-01',
        '--signoffs',
        'report.yaml',
      ],
      { now: new Date('2026-12-01') },
    ],
    [
      'a dead endpoint',
      ['probe', 'http://user:c4naryUrlPassw0rd0003@127.0.0.1:9', '--header', `Authorization: Bearer ${CANARIES.jwt}`],
    ],
    ['a broken header', ['probe', 'http://127.0.0.1:9', '--header', CANARIES.openai]],
  ])('is in no output of %s', async (_, argv, world) => {
    const cwd = temporaryFolder(FILES);
    const { stdout, stderr } = await runCli(argv, { cwd, ...world });
    const written = readdirSync(cwd)
      .filter((name) => name.startsWith('report.'))
      .map((name) => readFileSync(join(cwd, name), 'utf8'));
    const said = [stdout, stderr, ...written].join('\n');
    expect(said).not.toBe('');
    for (const canary of Object.values(CANARIES)) expect(said).not.toContain(canary);
    expect(said).not.toContain(Buffer.from(CANARIES.password).toString('base64'));
  });

  it('is in no history of reports, and in nothing that is told of it', async () => {
    const cwd = temporaryFolder(FILES);
    await runCli(['validate', '.', '--report', 'json=before.json'], { cwd });
    writeFileSync(join(cwd, 'k8s/deployment.yaml'), FILES['k8s/deployment.yaml'].replace('1.0.0', 'latest'));
    await runCli(['validate', '.', '--report', 'json=after.json'], { cwd });
    const told = [
      await runCli(['diff', 'before.json', 'after.json', '--verbose'], { cwd }),
      await runCli(['history', 'add', 'before.json', 'after.json'], { cwd }),
      await runCli(['history', '--item', '7.4', '--verbose'], { cwd }),
    ].flatMap(({ stdout, stderr }) => [stdout, stderr]);
    const kept = readdirSync(join(cwd, '.qna-ready'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
    expect(told.join('')).toContain('image/pinned');
    expect(kept).toHaveLength(2);
    for (const canary of Object.values(CANARIES)) expect([...told, ...kept].join('\n')).not.toContain(canary);
  });

  it('is in no saved snapshot, which is still judged as the original was', async () => {
    const cwd = temporaryFolder({
      'snapshot.json': JSON.stringify({
        qnaReadySnapshot: 1,
        recordedAt: '2026-11-01T00:00:00.000Z',
        source: 'cluster',
        target: 'context staging',
        facts: {
          deployments: {
            seen: true,
            value: [
              {
                apiVersion: 'apps/v1',
                kind: 'Deployment',
                metadata: { name: 'qna' },
                spec: {
                  template: {
                    spec: {
                      containers: [
                        {
                          name: 'api',
                          args: [`--key=${CANARIES.argument}`],
                          env: [
                            { name: 'POSTGRES_PASSWORD', value: CANARIES.password },
                            { name: 'DATABASE_URL', value: `postgres://qna:${CANARIES.url}@db/qna` },
                          ],
                        },
                      ],
                    },
                  },
                },
              },
            ],
          },
          secrets: {
            seen: true,
            value: [
              { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'qna' }, data: { POSTGRES_PASSWORD: 'filled' } },
            ],
          },
          configMaps: {
            seen: true,
            value: [
              {
                apiVersion: 'v1',
                kind: 'ConfigMap',
                metadata: { name: 'c' },
                data: { DB_PASSWORD: CANARIES.configMap },
              },
            ],
          },
          logs: { seen: true, value: [{ subject: 'Pod qna', lines: [`{"msg":"key ${CANARIES.openai}"}`] }] },
        },
        notSeen: [],
      }),
    });
    const first = await runCli(['audit', '--from', 'snapshot.json', '--save', 'saved.json', '--report', 'json'], {
      cwd,
    });
    const saved = readFileSync(join(cwd, 'saved.json'), 'utf8');
    for (const canary of Object.values(CANARIES)) expect(saved).not.toContain(canary);
    expect(JSON.parse(saved)).toMatchObject({
      snapshots: [{ facts: { secrets: { objects: [{ data: { POSTGRES_PASSWORD: 'filled' } }] } } }],
    });
    const second = await runCli(['audit', '--from', 'saved.json', '--report', 'json'], { cwd });
    const outcomes = (text: string) =>
      (JSON.parse(text) as { findings: { check: string; outcome: string }[] }).findings.map(
        ({ check, outcome }) => `${check} ${outcome}`,
      );
    expect(outcomes(second.stdout)).toEqual(outcomes(first.stdout));
  });
});
