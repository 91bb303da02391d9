import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './steps.ts';

/** A terminal's Ctrl-C comes more than once: to the whole group, and again from npm, which passes it on. */
const SAME_ORDER_MS = 500;

const children: ChildProcess[] = [];
let service: ChildProcess | undefined;
let orderedAt: number | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);

const args = process.argv.slice(2);
process.exitCode = args.length > 0 ? await run(args, {}) : await serve();

/** Starts the service alone, with a PostgreSQL of its own where no other is named; gives the exit code of the service. */
async function serve(): Promise<number> {
  if (process.env.DATABASE_URL || process.env.DATABASE_URL_FILE) return run([], {});
  tell('DATABASE_URL is not set: a PostgreSQL is started beside the service, and goes with it.');
  const database = start(join(ROOT, 'scripts/service-database.ts'), [], {}, 'ignore');
  const databaseEnds = ended(database);
  const url = await Promise.race([messageOf(database, 'url'), databaseEnds.then(() => undefined)]);
  if (typeof url !== 'string') {
    tell('The PostgreSQL could not be started; the reason stands above. Set DATABASE_URL to use another.');
    return 1;
  }
  const code = orderedAt === undefined ? await run([], { DATABASE_URL: url }) : 0;
  if (database.connected) database.disconnect();
  await databaseEnds;
  return code;
}

/** Runs the service on loopback, unless told otherwise, and tells its address once. */
async function run(more: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const defaults = { HOST: '127.0.0.1', SHUTDOWN_DELAY_MS: '0', ...(more.length === 0 ? openToThisMachine() : {}) };
  service = start(join(ROOT, 'service/main.ts'), more, { ...defaults, ...process.env, ...env }, 'inherit');
  const ends = ended(service);
  const url = await Promise.race([messageOf(service, 'url'), ends.then(() => undefined)]);
  if (typeof url === 'string') tell(`The service answers at ${url} (Ctrl-C stops it).`);
  return ends;
}

/** Somebody who only tries it needs no token, as long as nobody from elsewhere can reach it. */
function openToThisMachine(): NodeJS.ProcessEnv {
  const { API_TOKENS, API_TOKENS_FILE, HOST } = process.env;
  return API_TOKENS || API_TOKENS_FILE || HOST ? {} : { API_AUTH: 'off' };
}

/** Each in a group of its own, so that the terminal's Ctrl-C comes here alone and is passed on in the right order. */
function start(
  file: string,
  more: readonly string[],
  env: NodeJS.ProcessEnv,
  stdout: 'inherit' | 'ignore',
): ChildProcess {
  const child = spawn(process.execPath, [file, ...more], {
    cwd: ROOT,
    detached: true,
    env: { ...process.env, ...env },
    stdio: ['ignore', stdout, 'inherit', 'ipc'],
  });
  children.push(child);
  return child;
}

function stop(signal: NodeJS.Signals): void {
  const now = performance.now();
  if (orderedAt !== undefined && now - orderedAt < SAME_ORDER_MS) return;
  if (orderedAt === undefined) tell(`${signal}: the service finishes its answers; once more ends it at once.`);
  orderedAt = now;
  service?.kill('SIGTERM');
}

async function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}

async function messageOf(child: ChildProcess, key: string): Promise<unknown> {
  return new Promise((resolve) => child.once('message', (message) => resolve(Reflect.get(Object(message), key))));
}

/** Standard output belongs to the log lines of the service. */
function tell(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
