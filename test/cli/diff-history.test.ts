import { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import diffSchema from '../../schemas/diff-v1.schema.json' with { type: 'json' };
import historySchema from '../../schemas/history-v1.schema.json' with { type: 'json' };
import { diffReports } from '../../src/core/diff-reports.ts';
import { DEFAULT_POLICY, type Report } from '../../src/core/report.ts';
import { MIGRATIONS, migrate, schemaVersion } from '../../src/sources/history/migrations.ts';
import { startTestPostgres, type TestPostgres } from '../service/harness.ts';
import { DEPLOYMENT, SERVICE } from './manifests.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ajv = new Ajv({ allErrors: true, strict: false });
ajvFormats.default(ajv);
const GOOD = `${DEPLOYMENT}---\n${SERVICE}`;
const WORSE = GOOD.replace('qna:1.0.0', 'qna:latest');

async function reportOf(manifests: string, day = 1): Promise<string> {
  const cwd = temporaryFolder({ 'all.yaml': manifests });
  const now = new Date(`2026-11-0${day}T08:00:00Z`);
  return (await runCli(['validate', '.', '--report', 'json'], { cwd, now })).stdout;
}

describe('diff', () => {
  it('finds nothing between a report and itself, and keeps to its schema there', async () => {
    const report = await reportOf(GOOD);
    const cwd = temporaryFolder({ 'a.json': report });
    const { stdout, exitCode } = await runCli(['diff', 'a.json', '-', '--report', 'json'], { cwd, stdin: report });
    const told = JSON.parse(stdout);
    expect(ajv.validate(diffSchema, told), JSON.stringify(ajv.errors)).toBe(true);
    expect(told).toMatchObject({ changes: [], items: [], oneSided: [], cautions: [], gaps: [] });
    expect(exitCode).toBe(0);
  });

  it.each(['text', 'markdown', 'json'])('tells a new failure with its evidence, as %s', async (format) => {
    const cwd = temporaryFolder({ 'a.json': await reportOf(GOOD), 'b.json': await reportOf(WORSE, 2) });
    const { stdout, exitCode } = await runCli(['diff', 'a.json', 'b.json', '--report', format], { cwd });
    expect(stdout).toContain('image/pinned');
    expect(stdout).toContain('7.4');
    expect(exitCode).toBe(1);
    if (format === 'json') expect(ajv.validate(diffSchema, JSON.parse(stdout)), JSON.stringify(ajv.errors)).toBe(true);
    expect((await runCli(['diff', 'b.json', 'a.json'], { cwd })).exitCode).toBe(0);
  });

  it('is its own mirror when the reports are swapped', async () => {
    const [a, b] = [JSON.parse(await reportOf(GOOD)), JSON.parse(await reportOf(WORSE, 2))] as [Report, Report];
    const forth = diffReports({ name: 'a', report: a }, { name: 'b', report: b }, DEFAULT_POLICY);
    const back = diffReports({ name: 'b', report: b }, { name: 'a', report: a }, DEFAULT_POLICY);
    const sides = (one: { before?: { id: string }; after?: { id: string } }) => [one.before?.id, one.after?.id];
    expect(back.changes.map((one) => sides(one).reverse()).toSorted()).toEqual(forth.changes.map(sides).toSorted());
    expect(back.objects).toEqual({ new: forth.objects.gone, gone: forth.objects.new });
  });

  it('takes a check that the first report did not ask for no regression', async () => {
    const before = JSON.parse(await reportOf(WORSE)) as Report;
    const older = { ...before, findings: before.findings.filter(({ check }) => check !== 'image/pinned') };
    const cwd = temporaryFolder({ 'a.json': JSON.stringify(older), 'b.json': await reportOf(WORSE, 2) });
    const { stdout, exitCode } = await runCli(['diff', 'a.json', 'b.json'], { cwd });
    expect(stdout.replace(/\s+/g, ' ')).toContain('did not ask, so nothing of it counts as worse');
    expect(exitCode).toBe(0);
  });

  it.each([
    ['{"$schema":"https://qna-ready.github.io/schemas/report/v2"}', 'is a report of version 2'],
    ['{"tool":', 'it is not JSON'],
    ['', 'is empty'],
  ])('refuses %s in one sentence', async (text, sentence) => {
    const cwd = temporaryFolder({ 'a.json': text, 'b.json': await reportOf(GOOD) });
    const { stderr, exitCode } = await runCli(['diff', 'a.json', 'b.json'], { cwd });
    expect(stderr).toContain(sentence);
    expect(exitCode).toBe(2);
  });
});

describe('history', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startTestPostgres();
  });
  afterAll(() => postgres.stop());

  it.each(['a folder', 'PostgreSQL'])('in %s keeps a report once, and tells trend and story', async (place) => {
    const cwd = temporaryFolder({ 'a.json': await reportOf(WORSE), 'b.json': await reportOf(GOOD, 3) });
    const env = place === 'a folder' ? {} : { DATABASE_URL: await postgres.createDatabase() };
    const where = place === 'a folder' ? [] : ['--postgres'];
    const add = () => runCli(['history', 'add', 'b.json', 'a.json', ...where], { cwd, env });
    expect((await add()).stdout.match(/^Stored/gm)).toHaveLength(2);
    expect((await add()).stdout.match(/^Already there/gm)).toHaveLength(2);
    const { stdout, stderr, exitCode } = await runCli(['history', ...where], { cwd, env });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/7\.4 {2}image-provenance +✘✔ {2}done since 2026-11-03 08:00, was to do/);
    expect(exitCode).toBe(0);
    const story = await runCli(['history', '--item', '7.4', ...where], { cwd, env });
    expect(story.stdout).toContain('✘ to do → ✔ done');
    expect(story.stdout).toContain('The tag is latest');
    const json = JSON.parse((await runCli(['history', '--report', 'json', ...where], { cwd, env })).stdout);
    expect(ajv.validate(historySchema, json), JSON.stringify(ajv.errors)).toBe(true);
    const now = new Date('2026-11-04T08:00:00Z');
    const pruned = await runCli(['history', 'prune', '--keep-days', '2', ...where], { cwd, env, now });
    expect(pruned.stdout).toContain('Removed 1 report ');
  });

  it('never tells the password of a database that refuses it, nor of one that is not there', async () => {
    const url = new URL(await postgres.createDatabase());
    url.password = 'wrong-secret-value';
    for (const dsn of [url.href, 'postgres://qna:wrong-secret-value@127.0.0.1:1/none', 'wrong-secret-value']) {
      const { stdout, stderr, exitCode } = await runCli(['history', '--dsn', dsn]);
      expect(stdout + stderr).not.toContain('wrong-secret-value');
      expect(exitCode).toBe(2);
    }
  });

  it('brings tables forward that an older version made', async () => {
    const dsn = await postgres.createDatabase();
    const client = new pg.Client(dsn);
    await client.connect();
    await migrate(client, MIGRATIONS.slice(0, 1));
    const { exitCode } = await runCli(['history', '--dsn', dsn]);
    expect(exitCode).toBe(2);
    expect(await schemaVersion(client)).toBe(MIGRATIONS.length);
    await client.end();
  });

  it('refuses tables that a newer version made', async () => {
    const dsn = await postgres.createDatabase();
    const cwd = temporaryFolder({ 'a.json': await reportOf(GOOD) });
    await runCli(['history', 'add', 'a.json', '--dsn', dsn], { cwd });
    await postgres.queryIn(dsn, 'INSERT INTO qna_ready_migrations (version) VALUES (99)');
    const { stderr, exitCode } = await runCli(['history', '--dsn', dsn]);
    expect(stderr).toContain('have version 99');
    expect(exitCode).toBe(2);
  });

  it('tells what cannot be read, and exits with 3; a history of nothing is refused', async () => {
    const cwd = temporaryFolder({ 'h/a.json': await reportOf(GOOD), 'h/b.json': '{', 'bad/x.json': '{' });
    const { stdout, exitCode } = await runCli(['history', 'h'], { cwd });
    expect(stdout).toContain('not read: h/b.json is no saved report');
    expect(exitCode).toBe(3);
    expect((await runCli(['history', 'bad'], { cwd })).stderr).toContain('no report that can be read');
    expect((await runCli(['history', 'none'], { cwd })).stderr).toContain('There is no history in none.');
  });
});
