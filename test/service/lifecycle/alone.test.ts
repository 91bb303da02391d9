import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../../../scripts/wait.ts';
import { startTestPostgres, type TestPostgres } from '../harness.ts';

const SCRIPT = join(import.meta.dirname, '../../../scripts/service.ts');

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

describe('the service alone', () => {
  it('brings a PostgreSQL along, tells its address once on stderr, logs JSON lines on stdout, and takes all away at the end', async () => {
    const alone = start({});
    const url = await alone.address();
    await until('it is ready', async () => (await fetch(`${url}/health/ready`)).ok);
    const answered = await fetch(`${url}/v1/ask`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ question: 'How do I restore a backup?' }),
    });
    expect(answered.status).toBe(200);
    alone.child.kill('SIGINT');
    // A terminal and npm both pass a Ctrl-C on; that is one order, not two.
    alone.child.kill('SIGINT');
    expect(await alone.ended).toBe(0);
    for (const line of alone.stdout().trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg');
    expect(alone.stderr().match(/http:/g)).toHaveLength(1);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('takes the database that it is given, and the port', async () => {
    const alone = start({ DATABASE_URL: await postgres.createDatabase() });
    const url = await alone.address();
    await until('it is ready', async () => (await fetch(`${url}/health/ready`)).ok);
    expect(alone.stderr()).not.toContain('PostgreSQL');
    const { port } = new URL(url);
    const second = start({ DATABASE_URL: await postgres.createDatabase(), PORT: port });
    expect(await second.ended).toBe(1);
    expect(second.stdout()).toContain(`cannot listen on port ${port}; free it, or set PORT to another`);
    alone.child.kill('SIGTERM');
    expect(await alone.ended).toBe(0);
  });

  it('leaves nothing behind when it is killed', async () => {
    const alone = start({ DATABASE_URL: await postgres.createDatabase() });
    const url = await alone.address();
    alone.child.kill('SIGKILL');
    await until('the service has stopped too', () =>
      fetch(url).then(
        () => false,
        () => true,
      ),
    );
  });

  it('passes the question for wrong settings on', async () => {
    const checked = start({ PORT: 'x' }, '--check-config');
    expect(await checked.ended).toBe(1);
    expect(checked.stdout()).toMatch(/DATABASE_URL is missing.*PORT must be/);
    expect(checked.stderr()).toBe('');
  });
});

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  address(): Promise<string>;
  stdout(): string;
  stderr(): string;
}

function start(env: NodeJS.ProcessEnv, ...args: readonly string[]): Started {
  const child = spawn(process.execPath, [SCRIPT, ...args], {
    env: { PATH: process.env.PATH, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const found = () => /http:\/\/127\.0\.0\.1:\d+/.exec(stderr)?.[0];
  return {
    child,
    ended,
    stdout: () => stdout,
    stderr: () => stderr,
    async address() {
      await until('the address is told', () => found() !== undefined, 25_000);
      return found() ?? '';
    },
  };
}
