import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completeAnswers } from '../../src/scaffold/answers.ts';
import { renderSet } from '../../src/scaffold/render.ts';
import { objectOf, type Plain, readYaml } from './scaffolded.ts';

/** Debian's PostgreSQL with its client tools; the scripts themselves are what runs in the pods. */
const BIN = '/usr/lib/postgresql/15/bin';
const isRoot = process.getuid?.() === 0;
const hasPostgres =
  spawnSync(join(BIN, 'postgres'), ['--version']).status === 0 && spawnSync(join(BIN, 'pg_dump'), ['-V']).status === 0;
const PASSWORD = "it's a \\password";

const objects = renderSet(completeAnswers({ name: 'team-qna', backupsKept: 2 }), () => undefined, {})
  .filter(({ path }) => path.startsWith('k8s/'))
  .flatMap(({ text }) => readYaml(text));

describe.skipIf(!hasPostgres)('the scripts in the manifests, against a real PostgreSQL', () => {
  let folder: string;
  let backups: string;
  let port: number;
  let server: ChildProcess;

  beforeAll(async () => {
    folder = mkdtempSync('/tmp/qna-ready-scripts-');
    chmodSync(folder, 0o777);
    backups = join(folder, 'backups');
    mkdirSync(backups);
    port = await freePort();
    const data = join(folder, 'data');
    asPostgres(
      join(BIN, 'initdb'),
      '--pgdata',
      data,
      '--username',
      'postgres',
      '--auth-local',
      'trust',
      '--auth-host',
      'scram-sha-256',
    );
    const [command, ...args] = postgresCommand(
      join(BIN, 'postgres'),
      '-D',
      data,
      '-p',
      String(port),
      '-k',
      folder,
      '-c',
      'fsync=off',
    );
    server = spawn(command ?? '', args, { stdio: 'ignore' });
    for (let tries = 0; tries < 100 && !isReady(); tries += 1) await delay(100);
    const script = objectOf(objects, 'ConfigMap', 'team-qna-postgres-initdb').data['10-service-role.sh'];
    psqlAsSuperuser('postgres', 'CREATE DATABASE team_qna');
    const result = spawnSync('sh', ['-euc', script], {
      env: {
        ...process.env,
        PGHOST: folder,
        PGPORT: String(port),
        POSTGRES_USER: 'postgres',
        POSTGRES_DB: 'team_qna',
        DATABASE_PASSWORD: PASSWORD,
      },
      encoding: 'utf8',
    });
    expect(`${result.stderr}${result.status}`).toBe('0');
  });

  afterAll(async () => {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGINT');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });

  it('give the service a role that owns its database and is no superuser', () => {
    expect(asService('CREATE TABLE answers (id int PRIMARY KEY, text text)').status).toBe(0);
    expect(asService('INSERT INTO answers SELECT n, $$answer $$ || n FROM generate_series(1, 100) n').status).toBe(0);
    expect(asService('SELECT rolsuper FROM pg_roles WHERE rolname = current_user').stdout.trim()).toBe('f');
    expect(asService('CREATE ROLE another').status).not.toBe(0);
  });

  it('dump the database, keep a digest, and remove no more than the older dumps', async () => {
    for (let nth = 0; nth < 3; nth += 1) {
      const result = runBackup();
      expect(result.stderr).toBe('');
      expect(result.status).toBe(0);
      await delay(1100);
    }
    const files = readdirSync(backups).sort();
    expect(files.filter((name) => name.endsWith('.dump'))).toHaveLength(2);
    expect(files.filter((name) => name.endsWith('.dump.sha256'))).toHaveLength(2);
    expect(files).toHaveLength(4);
  });

  it('leave the older dumps alone when a backup fails, and nothing half-written for long', () => {
    const before = readdirSync(backups).sort();
    const failed = run('CronJob', 'team-qna-backup', { PGPASSWORD: 'wrong' });
    expect(failed.status).not.toBe(0);
    expect(failed.stderr).toContain('password authentication failed');
    expect(
      readdirSync(backups)
        .filter((name) => !name.endsWith('.partial'))
        .sort(),
    ).toEqual(before);
  });

  it('restore the newest dump in the drill, and count what came back', () => {
    psqlAsSuperuser('postgres', 'DROP DATABASE IF EXISTS drill');
    psqlAsSuperuser('postgres', 'CREATE DATABASE drill');
    const result = runDrill();
    expect(result.stderr).toBe('');
    expect(result.stdout).toContain('holds 1 tables with about 100 rows.');
    expect(result.status).toBe(0);
  });

  it.each([
    ['too few rows', { MIN_ROWS: '101' }, /fewer than 101 rows came back/],
    ['too few tables', { MIN_TABLES: '2' }, /fewer than 2 tables came back/],
  ])('fail the drill over %s', (_what, env, says) => {
    psqlAsSuperuser('postgres', 'DROP DATABASE drill');
    psqlAsSuperuser('postgres', 'CREATE DATABASE drill');
    const result = runDrill(env);
    expect(result.status).toBe(1);
    expect(result.stderr).toMatch(says);
  });

  it('put back what was lost, in one piece', () => {
    expect(asService('DELETE FROM answers WHERE id > 10; CREATE TABLE later (id int)').status).toBe(0);
    const result = run('Job', 'team-qna-restore', {});
    expect(result.stderr).toBe('');
    expect(result.stdout).toMatch(/has been restored\.$/m);
    expect(asService('SELECT count(*) FROM answers').stdout.trim()).toBe('100');
  });

  it('fail the drill over a dump that was changed, that is old, or that is not there', () => {
    const dumps = readdirSync(backups).filter((name) => name.endsWith('.dump'));
    for (const name of dumps) utimesSync(join(backups, name), new Date(0), new Date(0));
    expect(runDrill().stderr).toMatch(/is older than 26 hours/);
    for (const name of dumps) writeFileSync(join(backups, name), 'something else');
    expect(runDrill().stderr).toMatch(/is not what was written/);
    expect(run('Job', 'team-qna-restore', {}).status).not.toBe(0);
    for (const name of readdirSync(backups)) rmSync(join(backups, name));
    expect(runDrill().stderr).toMatch(/there is no dump/);
  });

  function runBackup() {
    return run('CronJob', 'team-qna-backup', {});
  }

  function runDrill(env: Readonly<Record<string, string>> = {}) {
    // The scratch server of the pod asks for no password; the socket stands in for its loopback here.
    return run('CronJob', 'team-qna-restore-drill', { PGHOST: folder, ...env });
  }

  /** The script of a container with its own variables, on this machine's addresses. */
  function run(kind: string, name: string, env: Readonly<Record<string, string>>) {
    const { spec } = objectOf(objects, kind, name);
    const [container] = (spec.jobTemplate?.spec ?? spec).template.spec.containers;
    const own = Object.fromEntries(container.env.map((row: Plain) => [row.name, row.value ?? PASSWORD]));
    const [shell = '', flags = '', script = ''] = container.command as string[];
    return spawnSync(shell, [flags, script.replaceAll('/backups', backups)], {
      env: { PATH: process.env.PATH, ...own, PGHOST: '127.0.0.1', PGPORT: String(port), ...env },
      encoding: 'utf8',
    });
  }

  function asService(sql: string) {
    return spawnSync(
      join(BIN, 'psql'),
      ['-X', '-At', '-h', '127.0.0.1', '-U', 'team_qna', '-d', 'team_qna', '-c', sql],
      {
        env: { ...process.env, PGPORT: String(port), PGPASSWORD: PASSWORD },
        encoding: 'utf8',
      },
    );
  }

  function psqlAsSuperuser(database: string, sql: string): void {
    execFileSync(
      join(BIN, 'psql'),
      ['-X', '-q', '-h', folder, '-p', String(port), '-U', 'postgres', '-d', database, '-c', sql],
      {
        stdio: 'ignore',
      },
    );
  }

  function isReady(): boolean {
    return spawnSync(join(BIN, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)]).status === 0;
  }
});

function asPostgres(...command: readonly string[]): void {
  const [program = '', ...args] = postgresCommand(...command);
  execFileSync(program, args, { stdio: 'ignore', cwd: '/tmp' });
}

/** PostgreSQL refuses to run as root. */
function postgresCommand(...command: readonly string[]): readonly string[] {
  return isRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', ...command] : command;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
