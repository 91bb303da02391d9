import { describe, expect, it } from 'vitest';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { ENTER, INTERRUPT, personWho } from './person.ts';
import { filesBelow, initIn, scaffolded, textOf } from './scaffolded.ts';

describe('init on a terminal', () => {
  it('asks for what nobody has said, and takes what the repository says at a key', async () => {
    const root = temporaryFolder({ 'package.json': '{"name": "team-qna"}', Dockerfile: 'EXPOSE 3000\n' });
    const person = personWho((question) => (question.includes('host name') ? `ask.team.org${ENTER}` : ENTER));
    const { exitCode } = await runCli(['init', '.', '--namespace', 'ai'], { cwd: root, terminal: person });
    expect(exitCode).toBe(0);
    expect(person.asked.join('\n')).toContain('What is the service called?');
    expect(person.asked.join('\n')).not.toContain('Which namespace');
    const answers = textOf(root, '.qna-ready/answers.yaml');
    for (const line of ['name: team-qna', 'namespace: ai', 'port: 3000', 'host: ask.team.org'])
      expect(answers).toContain(`\n${line}\n`);
  });

  it('says in a sentence what an answer must be, and asks again', async () => {
    const root = temporaryFolder();
    let isFirst = true;
    const person = personWho((question) => {
      if (!question.includes('Which port')) return ENTER;
      const typed = isFirst ? `80${ENTER}` : `\b\b9090${ENTER}`;
      isFirst = false;
      return typed;
    });
    expect((await runCli(['init', '.'], { cwd: root, terminal: person })).exitCode).toBe(0);
    expect(person.seen()).toContain('port must be a port from 1024 to 65535');
    expect(textOf(root, 'k8s/configmap.yaml')).toContain('PORT: "9090"');
  });

  it('writes nothing when the person goes away', async () => {
    const root = temporaryFolder();
    const { exitCode, stderr } = await runCli(['init', '.'], { cwd: root, terminal: personWho(() => INTERRUPT) });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Interrupted before anything was written.');
    expect(filesBelow(root)).toEqual([]);
  });

  it.each([['--yes'], ['--json']])('asks nothing with %s', async (flag) => {
    const person = personWho(() => INTERRUPT);
    expect((await runCli(['init', '.', flag], { cwd: temporaryFolder(), terminal: person })).exitCode).toBe(0);
    expect(person.asked).toEqual([]);
  });

  it('asks nothing again at a second run', async () => {
    const { root } = await scaffolded();
    const person = personWho(() => INTERRUPT);
    expect((await runCli(['init', '.'], { cwd: root, terminal: person })).exitCode).toBe(0);
    expect(person.asked).toEqual([]);
  });
});

describe('a dry run', () => {
  it('shows the differences of each file, without a secret', async () => {
    const { root } = await scaffolded(['--name', 'qna']);
    const { stdout } = await initIn(root, ['--host', 'ask.example.org', '--dry-run']);
    expect(stdout).toMatch(/^--- k8s\/ingress\.yaml\n\+\+\+ k8s\/ingress\.yaml\n@@ /m);
    expect(stdout).toMatch(/^- {4}- host: qna\.example\.com\n\+ {4}- host: ask\.example\.org$/m);
    const first = await initIn(temporaryFolder(), ['--dry-run']);
    expect(first.stdout).toContain('+++ k8s/secrets.yaml\n(new secrets, which are shown nowhere)');
    expect(first.stdout).not.toMatch(/postgresql:\/\/qna:/);
  });

  it('is coloured for a terminal, and not where colour is refused', async () => {
    const root = temporaryFolder();
    const argv = ['init', '.', '--yes', '--dry-run'];
    expect((await runCli(argv, { cwd: root, isTTY: true })).stdout).toContain('\u001b[32m+');
    expect((await runCli(argv, { cwd: root, isTTY: true, env: { NO_COLOR: '1' } })).stdout).not.toContain('\u001b');
    expect((await runCli([...argv, '--color'], { cwd: root })).stdout).toContain('\u001b[32m+');
    expect((await runCli(argv, { cwd: root })).stdout).not.toContain('\u001b');
  });
});

describe('init as JSON', () => {
  it('tells the answers, each file and the next steps, and no secret', async () => {
    const { root, stdout } = await scaffolded(['--json', '--dry-run']);
    const told = JSON.parse(stdout);
    expect(told).toMatchObject({ schemaVersion: 1, dryRun: true, answers: { port: 8080 } });
    const secrets = told.files.find(({ path }: { path: string }) => path === 'k8s/secrets.yaml');
    expect(secrets).toMatchObject({ action: 'create', writes: ['k8s/secrets.yaml'] });
    expect(stdout).not.toMatch(/postgresql:\/\/[^$]*:[\w-]{43}@/);
    expect(told.next.length).toBeGreaterThan(3);
    expect(filesBelow(root)).toEqual([]);
  });
});
