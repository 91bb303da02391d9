import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from './postgres.ts';
import { ROOT } from './steps.ts';
import { freePort, until } from './wait.ts';

/** The whole story on one machine: a service that runs, its manifests, and the proof that both are ready. */
const contextFlag = process.argv.indexOf('--context');
const context = contextFlag === -1 ? undefined : process.argv[contextFlag + 1];
const BIN = join(ROOT, 'bin/qna-ready.ts');
const RECORDED = join(ROOT, 'docs/recorded/audit-snapshot.json.gz');
const folder = mkdtempSync(join(tmpdir(), 'qna-ready-demo-'));
const project = join(folder, 'project');
const logs = join(folder, 'service.log');
const started = Date.now();
const token = randomBytes(32).toString('base64url');
const releasers: (() => Promise<void>)[] = [];

try {
  heading('Start a PostgreSQL and the service on loopback');
  const postgres = await startPostgres(folder);
  releasers.push(postgres.stop);
  await postgres.createDatabase('qna');
  const port = await freePort();
  releasers.push(await startService(postgres.urlOf('qna'), port));
  const url = `http://127.0.0.1:${port}`;
  await until('the service is ready', async () => (await fetch(`${url}/health/ready`)).ok, 20_000);
  console.log(`The service answers at ${url}; its log lines are in ${logs}.`);

  heading('Write the manifests');
  qnaReady(
    'init',
    project,
    '--name',
    'qna',
    '--host',
    'qna.example.com',
    '--image',
    'ghcr.io/example/qna:0.1.0',
    '--yes',
  );

  heading('Judge the manifests, offline');
  qnaReady('validate', project, '--report', `json=${join(folder, 'validate.json')}`, '--report', 'text');

  heading('Judge the running service');
  const question = `POST /v1/ask ${JSON.stringify({ question: 'How do I restore a backup?' })}`;
  const endpoint = ['--header', `Authorization: Bearer ${token}`, '--ask', question, '--logs', logs];
  qnaReady('probe', url, ...endpoint, '--report', `json=${join(folder, 'probe.json')}`, '--report', 'text');

  heading(
    context === undefined
      ? 'Judge a cluster: a REPLAY of a snapshot that was recorded from a real one'
      : `Judge the cluster of context ${context}`,
  );
  const cluster = context === undefined ? ['--from', RECORDED] : ['--context', context];
  qnaReady('audit', ...cluster, '--report', `json=${join(folder, 'audit.json')}`, '--report', 'text');

  heading('The checklist, with its evidence');
  const saved = ['validate', 'probe', 'audit'].flatMap((name) => ['--from-report', join(folder, `${name}.json`)]);
  qnaReady('checklist', ...saved, '--report', `json=${join(folder, 'checklist.json')}`, '--report', 'text');
} finally {
  for (const release of releasers.reverse()) await release();
}
writeFileSync(join(folder, 'README.txt'), 'Made by the demo of qna-ready; it may be deleted at any time.\n');
heading(`Done in ${((Date.now() - started) / 1000).toFixed(0)} s; everything that was started has been stopped`);
console.log(`manifests and documents  ${project}`);
for (const name of ['validate.json', 'probe.json', 'audit.json', 'checklist.json', 'service.log'])
  console.log(`${name.padEnd(24)} ${join(folder, name)}`);

function heading(text: string): void {
  console.log(`\n=== ${text}\n`);
}

/** Runs the program as a person would, and tells its exit code: a verdict of "not ready" is an answer here, no fault. */
function qnaReady(...args: readonly string[]): void {
  console.log(`$ qna-ready ${args.map(shown).join(' ')}`);
  const { status } = spawnSync(process.execPath, [BIN, ...args], { stdio: 'inherit', cwd: ROOT });
  console.log(`(exit code ${status})`);
  if (status === 2 || status === null) throw new Error(`qna-ready ${args[0]} could not do its work`);
}

/** As it would be typed, without the token. */
function shown(arg: string): string {
  const safe = arg.replace(token, '…');
  return /[\s"]/.test(safe) ? `'${safe}'` : safe;
}

async function startService(databaseUrl: string, port: number): Promise<() => Promise<void>> {
  const child: ChildProcess = spawn(process.execPath, [join(ROOT, 'service/main.ts')], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      API_TOKENS: token,
      PORT: String(port),
      HOST: '127.0.0.1',
      SHUTDOWN_DELAY_MS: '0',
    },
  });
  child.stdout?.pipe(createWriteStream(logs));
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return async () => {
    child.kill('SIGTERM');
    await gone;
  };
}

process.on('exit', (code) => {
  if (code !== 0) rmSync(folder, { recursive: true, force: true });
});
