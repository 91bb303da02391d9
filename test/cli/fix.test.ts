import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/checks/index.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const SERVICE = `---
apiVersion: v1
kind: Service
metadata: { name: qna }
spec: { selector: { app: qna }, ports: [{ port: 80, targetPort: http }] }
`;
/** One of each kind of failure that needs no decision, with a remark on every other line. */
const WOUNDED = `# The service. Ask the team before you change it.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: qna
  annotations:
    example.org/revision: 0777 # as it was
spec:
  replcias: 2   # two
  selector: { matchLabels: { app: qna } }
  template:
    metadata: { labels: { app: qna } }
    spec:
      securityContext:
        runAsNonRoot: true # set by the image too
      containers:
        # The only one.
        - name: api
          image: ghcr.io/example/qna:main
          ports: [{ name: http, containerPort: 8080 }]
          env:
            - name: PORT
              value: 8080
${SERVICE}`;
const MENDED = `# The service. Ask the team before you change it.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: qna
  annotations:
    example.org/revision: "0777" # as it was
spec:
  replicas: 2   # two
  selector: { matchLabels: { app: qna } }
  template:
    metadata: { labels: { app: qna } }
    spec:
      securityContext:
        runAsNonRoot: true # set by the image too
        seccompProfile:
          type: RuntimeDefault
      containers:
        # The only one.
        - name: api
          image: ghcr.io/example/qna:main
          ports: [{ name: http, containerPort: 8080 }]
          env:
            - name: PORT
              value: "8080"
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop:
                - ALL
          imagePullPolicy: Always
      terminationGracePeriodSeconds: 60
${SERVICE}`;

const fixIn = (cwd: string, ...args: readonly string[]) => runCli(['validate', '.', '--fix', ...args], { cwd });

describe('validate --fix', () => {
  it('mends what needs no decision, and touches nothing else', async () => {
    const cwd = temporaryFolder({ 'k8s/all.yaml': WOUNDED });
    const { stderr } = await fixIn(cwd);
    expect(readFileSync(join(cwd, 'k8s/all.yaml'), 'utf8')).toBe(MENDED);
    expect(stderr).toMatch(/^mended schema\/valid Deployment qna$/m);
    expect(stderr).toMatch(/7 failures were mended in 1 file/);
  });

  it('has nothing left to do the second time', async () => {
    const cwd = temporaryFolder({ 'k8s/all.yaml': MENDED });
    const { stderr } = await fixIn(cwd);
    expect(readFileSync(join(cwd, 'k8s/all.yaml'), 'utf8')).toBe(MENDED);
    expect(stderr).toContain('0 failures were mended in 0 files.');
  });

  it('judges what it has made', async () => {
    const cwd = temporaryFolder({ 'a.yaml': WOUNDED });
    const { exitCode, stdout } = await fixIn(cwd, '--only', 'schema,pod-security/restricted');
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('Ready: ')]);
  });

  it('prints a patch that git takes with --dry-run, and writes nothing', async () => {
    const cwd = temporaryFolder({ 'k8s/all.yaml': WOUNDED });
    const { exitCode, stdout, stderr } = await fixIn(cwd, '--dry-run');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('7 failures would be mended in 1 file.');
    expect(readFileSync(join(cwd, 'k8s/all.yaml'), 'utf8')).toBe(WOUNDED);
    writeFileSync(join(cwd, 'fix.patch'), stdout);
    const { status, stderr: said } = spawnSync('git', ['apply', '--verbose', 'fix.patch'], { cwd, encoding: 'utf8' });
    expect([status, said]).toEqual([0, expect.stringContaining('k8s/all.yaml')]);
    expect(readFileSync(join(cwd, 'k8s/all.yaml'), 'utf8')).toBe(MENDED);
  });

  it.each([
    [
      'the lines around them',
      `            - name: DB_PASSWORD\n              value: hunter2-hunter2\n`,
      ['--unidiff-zero'],
      /may hold secrets/,
    ],
    [
      'a setting in a line of its own',
      `            - { name: DB_PASSWORD, value: hunter2-hunter2 }\n`,
      ['--unidiff-zero'],
      /may hold secrets/,
    ],
  ])('prints a patch of the changes without %s, where these hold a secret', async (_, setting, flags, said) => {
    const cwd = temporaryFolder({ 'k8s/all.yaml': WOUNDED.replace(`${SERVICE}`, `${setting}${SERVICE}`) });
    const { stdout, stderr } = await fixIn(cwd, '--dry-run');
    expect(`${stdout}${stderr}`).not.toContain('hunter2');
    expect(stderr).toMatch(said);
    writeFileSync(join(cwd, 'fix.patch'), stdout);
    expect(spawnSync('git', ['apply', ...flags, 'fix.patch'], { cwd }).status).toBe(0);
    expect(readFileSync(join(cwd, 'k8s/all.yaml'), 'utf8')).toContain('hunter2');
  });

  it('leaves alone what somebody has waived', async () => {
    const waived = WOUNDED.replace(
      'replcias: 2   # two',
      'replcias: 2 # qna-ready: waive schema/valid until 2999-01-01 by a: b',
    );
    const cwd = temporaryFolder({ 'a.yaml': waived });
    await fixIn(cwd);
    expect(readFileSync(join(cwd, 'a.yaml'), 'utf8')).toContain('replcias');
  });

  it('says why it leaves what it cannot write', async () => {
    const shared = `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: &data\n  PORT: 8080\n---\n${SERVICE}`;
    const cwd = temporaryFolder({ 'a.yaml': shared });
    const { stderr } = await fixIn(cwd);
    expect(stderr).toContain('left schema/string-values ConfigMap a: the place is shared with others by an anchor');
    expect(readFileSync(join(cwd, 'a.yaml'), 'utf8')).toBe(shared);
  });

  it('writes nothing where a change would break something else', async () => {
    const broken = WOUNDED.replace('replcias: 2 ', 'replcias: many ');
    const cwd = temporaryFolder({ 'a.yaml': broken });
    const { exitCode, stderr } = await fixIn(cwd);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/Nothing was written, since .*spec\.replicas/)]);
    expect(readFileSync(join(cwd, 'a.yaml'), 'utf8')).toBe(broken);
  });

  it('keeps the mode of a file, and a link', async () => {
    const cwd = temporaryFolder({ 'real/a.yaml': WOUNDED, 'k8s/b.yaml': SERVICE });
    chmodSync(join(cwd, 'real/a.yaml'), 0o640);
    symlinkSync('../real/a.yaml', join(cwd, 'k8s/a.yaml'));
    await runCli(['validate', 'k8s', '--fix'], { cwd });
    expect(readFileSync(join(cwd, 'real/a.yaml'), 'utf8')).toBe(MENDED);
    expect(statSync(join(cwd, 'real/a.yaml')).mode & 0o777).toBe(0o640);
  });

  it.each([
    ['of standard input', ['-', '--fix'], /Standard input cannot be mended/],
    ['while it watches', ['.', '--fix', '--watch'], /exclude each other/],
    ['of nothing', ['.', '--dry-run'], /--dry-run goes with --fix/],
    ['to watch what is not there', ['nowhere/x', '--watch'], /nowhere\/x cannot be watched: it does not exist/],
    ['for a program that watches', ['.', '--watch', '--report', 'json'], /--watch tells what changes to a person/],
  ])('is refused %s', async (_, args, sentence) => {
    const { exitCode, stderr } = await runCli(['validate', ...args], { cwd: temporaryFolder({ 'a.yaml': SERVICE }) });
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(sentence)]);
  });

  it('is told of by explain, for each check that has one', async () => {
    const mending = CHECKS.filter(({ mends }) => mends !== undefined);
    expect(mending.length).toBeGreaterThan(5);
    for (const { id, mends = '' } of mending)
      expect((await runCli(['explain', id])).stdout.replace(/\s+/g, ' ')).toContain(mends.slice(0, 40));
  });
});

describe('a pattern that no shell has filled in', () => {
  it('means the files that it matches', async () => {
    const cwd = temporaryFolder({ 'k8s/a/x.yaml': SERVICE, 'k8s/b/y.yaml': SERVICE, 'k8s/b/z.txt': 'no' });
    const { stdout } = await runCli(['validate', 'k8s/**/*.yaml', '--report', 'json', '--only', 'schema/valid'], {
      cwd,
    });
    expect((JSON.parse(stdout) as { findings: unknown[] }).findings).toHaveLength(2);
  });

  it('is told when it matches none', async () => {
    const { exitCode, stderr } = await runCli(['validate', 'k8s/*.yaml'], { cwd: temporaryFolder({}) });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('k8s/*.yaml cannot be read: it does not exist')]);
  });
});
