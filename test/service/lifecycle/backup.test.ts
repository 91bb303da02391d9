import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completeAnswers } from '../../../src/scaffold/answers.ts';
import { renderSet } from '../../../src/scaffold/render.ts';
import { postgresPrograms } from '../../cluster/images/postgres-wheel.ts';
import { objectOf, type Plain, readYaml } from '../../scaffold/scaffolded.ts';
import { startTestPostgres, type TestPostgres } from '../harness.ts';
import { startServiceProcess } from '../service-process.ts';

/** Programs of the same major version as the server; with another, a dump proves nothing. */
const programs = await postgresPrograms().catch((error: unknown) => {
  console.warn(`Backup and restore are not tested: PostgreSQL's programs cannot be had here (${String(error)}).`);
  return undefined;
});

const objects = renderSet(completeAnswers({ name: 'qna' }), () => undefined, {})
  .filter(({ path }) => path.startsWith('k8s/'))
  .flatMap(({ text }) => readYaml(text));

describe.skipIf(programs === undefined)('the backup of the running service, by the scripts of the manifests', () => {
  let postgres: TestPostgres;
  let backups: string;
  beforeAll(async () => {
    postgres = await startTestPostgres();
    backups = mkdtempSync(join(tmpdir(), 'qna-backups-'));
  });
  afterAll(async () => {
    await postgres.stop();
    rmSync(backups, { recursive: true, force: true });
  });

  it('brings every document and answer back, after which the service goes on as if nothing had been', async () => {
    const databaseUrl = await postgres.createDatabase();
    const first = await startServiceProcess({ DATABASE_URL: databaseUrl });
    await first.ready();
    const ids: string[] = [];
    for (const question of ['How do I restore a backup?', 'Was heißt „läuft“? 🦉', "It's a \\ question; -- isn't it?"])
      ids.push(((await (await first.ask(question)).json()) as { id: string }).id);
    const before = await contentsOf(databaseUrl);
    expect(before.length).toBeGreaterThanOrEqual(3);

    // The service is running and answering meanwhile: a dump is one moment of it.
    const meanwhile = first.ask('How do I restore a backup?');
    expect(run(command('CronJob', 'qna-backup'), databaseUrl)).toMatchObject({ status: 0 });
    expect((await meanwhile).status).toBe(200);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);

    const client = new pg.Client(databaseUrl);
    await client.connect();
    await client.query(
      'DELETE FROM documents; DROP TABLE answers CASCADE; UPDATE schema_migrations SET checksum = $$lost$$',
    );
    await client.end();
    expect(run(command('Job', 'qna-restore'), databaseUrl)).toMatchObject({ status: 0 });

    const second = await startServiceProcess({ DATABASE_URL: databaseUrl });
    await second.ready();
    for (const id of ids) expect(await (await fetch(`${second.url}/v1/answers/${id}`)).json()).toMatchObject({ id });
    expect((await second.ask('How do I restore a backup?')).status).toBe(200);
    for (const row of before) expect(await contentsOf(databaseUrl)).toContain(row);
    expect(second.lines().filter(({ msg }) => msg === 'migration applied')).toEqual([]);
  });

  it('passes the drill on an empty server, and a dump that was spoilt does not', async () => {
    const drill = command('CronJob', 'qna-restore-drill');
    const { status, stdout, stderr } = run(drill, await postgres.createDatabase());
    expect(stderr).toBe('');
    expect(stdout).toMatch(/holds \d+ tables with about \d+ rows/);
    expect(status).toBe(0);
    const [dump = ''] = readdirSync(backups).filter((name) => name.endsWith('.dump'));
    appendFileSync(join(backups, dump), 'x');
    const spoilt = run(drill, await postgres.createDatabase());
    expect(spoilt.status).not.toBe(0);
    expect(spoilt.stderr).toContain('is not what was written');
  });

  /** Runs a script as a pod would, on this machine's folder in place of the volume. */
  function run(script: string, databaseUrl: string) {
    const { hostname, port, username, password, pathname } = new URL(databaseUrl);
    return spawnSync('sh', ['-euc', script.replaceAll('/backups', backups)], {
      encoding: 'utf8',
      env: {
        PATH: `${join(programs ?? '', 'bin')}:${process.env.PATH}`,
        PGHOST: hostname,
        PGPORT: port,
        PGUSER: username,
        PGPASSWORD: password,
        PGDATABASE: pathname.slice(1),
        BACKUPS_KEPT: '2',
        DUMP: 'newest',
        MIN_TABLES: '3',
        MIN_ROWS: '9',
        MAX_AGE_HOURS: '1',
      },
    });
  }
});

/** The script of the last container of a job, which is the one that does the work. */
function command(kind: string, name: string): string {
  const object: Plain = objectOf(objects, kind, name);
  const { containers } = (object.spec.jobTemplate ?? object).spec.template.spec;
  return containers.at(-1).command.at(-1);
}

/** Every row of every table, as text. */
async function contentsOf(databaseUrl: string): Promise<readonly string[]> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
    );
    const contents: string[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`SELECT '${name} ' || t::text AS row FROM ${name} t`);
      contents.push(...rows.map(({ row }) => row));
    }
    return contents;
  } finally {
    await client.end();
  }
}
