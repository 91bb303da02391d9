import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startService } from '../../service/server.ts';
import { readSettings } from '../../service/settings.ts';
import { createLogger } from '../../service/telemetry/logging.ts';
import { createScrub } from '../../service/telemetry/scrub.ts';
import { type RunningPostgres, startPostgres } from '../postgres.ts';
import { ROOT } from '../steps.ts';
import { until } from '../wait.ts';
import { quantile, sendEvenly } from './even-load.ts';
import { lineChart } from './line-chart.ts';
import { compareLoads, type Measured, measureLoad, median, TOKEN } from './load.ts';
import { measureMetricsPage } from './metrics-page.ts';
import { recordQueries } from './record-queries.ts';
import { soak } from './soak.ts';
import { startFastApi } from './start-fastapi.ts';
import { type Subject, startNodeSubject } from './subject.ts';

const CONNECTIONS = 10;
const ROUNDS = 5;
/** What a container of half a GiB can give: with more, Node lets garbage lie, and a leak could not be told from it. */
const SMALL_HEAP = { NODE_OPTIONS: '--max-old-space-size=96' };
const OVERHEAD_ROUNDS = 30;
/** Twenty questions a second, each of which waits for one other at most. */
const THINKING = { THINKS_MS: '200' };
const FEW_PLACES = { LLM_CONCURRENCY: '4', LLM_QUEUE: '4' };
const MAIN = join(ROOT, 'service/main.ts');
const GRAPHS = join(ROOT, 'docs/performance');
export const QUESTION = { question: 'How do I restore a backup?' };

/**
 * Measures the bundled service against bare servers, in one run; `--graphs` draws what docs/performance.md shows, `--only=health`,
 * `asking`, `page`, `overhead`, `overload` or `memory` measures that alone.
 */
export async function benchService(flags: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'qna-bench-'));
  const subjects: Subject[] = [];
  const add = async <T extends Subject | undefined>(starting: Promise<T>): Promise<T> => {
    const subject = await starting;
    if (subject !== undefined) subjects.push(subject);
    return subject;
  };
  const postgres = await startPostgres(folder);
  try {
    await postgres.createDatabase('bench');
    const service = await add(startBenchedService(postgres, 'bench'));
    const only = flags.find((flag) => flag.startsWith('--only='))?.slice('--only='.length);
    if (only === undefined || only === 'health')
      await benchHealth(service, await add(here('bare-http')), await add(startFastApi()));
    if (only === undefined || only === 'asking') await benchAsking(service, await add(startBareAsking(postgres)));
    if (only === undefined || only === 'page') await benchPage();
    if (only === undefined || only === 'overhead') {
      const provided = await add(startWithProvider(postgres, await add(here('stub-provider'))));
      await benchOverhead(service, provided);
    }
    if (only === undefined || only === 'overload')
      await benchOverload(
        await add(startWithProvider(postgres, await add(here('stub-provider', THINKING)), FEW_PLACES)),
      );
    if (only === 'memory') await soak(await add(startBenchedService(postgres, 'bench', SMALL_HEAP)));
    if (only !== undefined) return;
    const curve = await benchCurve(service);
    const memory = await soak(await add(startBenchedService(postgres, 'bench', SMALL_HEAP)));
    if (flags.includes('--graphs')) draw(curve, memory);
  } finally {
    for (const subject of subjects.reverse()) await subject.stop();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchHealth(service: Subject, bare: Subject, fastapi: Subject | undefined): Promise<void> {
  const contenders = [
    { subject: bare, path: '/' },
    { subject: service, path: '/health/live' },
    { subject: service, path: '/health/ready' },
    ...(fastapi === undefined ? [] : [{ subject: fastapi, path: '/health/live' }]),
  ];
  const [base, live, ready, python] = await compareLoads(contenders, { connections: CONNECTIONS }, ROUNDS);
  if (base === undefined || live === undefined || ready === undefined) return;
  tell('bare node:http', base, base);
  tell('/health/live', live, base, 0.8);
  tell('/health/ready', ready, base, 0.8);
  if (python === undefined) return;
  tell('FastAPI, instrumented, one process', python, base);
  tell('/health/live against FastAPI', live, python, 6);
  tell('/health/ready against FastAPI', ready, python, 6);
}

async function benchAsking(service: Subject, bare: Subject): Promise<void> {
  const contenders = [bare, service].map((subject) => ({ subject, path: '/v1/ask' }));
  const [base, asked] = await compareLoads(contenders, { connections: CONNECTIONS, body: QUESTION }, ROUNDS);
  if (base === undefined || asked === undefined) return;
  tell('bare Express and pg, the same queries', base, base);
  tell('/v1/ask, answered from documents', asked, base, 0.5);
}

async function benchPage(): Promise<void> {
  const { ms, lines } = await measureMetricsPage(3_000);
  verdict(`a page of ${lines} metric lines`, `${ms.toFixed(1)} ms`, 'under 10 ms', ms < 10);
}

/**
 * One question after the other: what the service adds to what the model takes, without a queue. The quickest of many short
 * rounds is told, since other work on the machine only ever adds.
 */
async function benchOverhead(offline: Subject, provided: Subject): Promise<void> {
  const load = { path: '/v1/ask', connections: 1, body: QUESTION };
  for (const subject of [offline, provided]) {
    await measureLoad(subject, { ...load, amount: 2_000 });
    const rounds: Measured[] = [];
    for (let round = 0; round < OVERHEAD_ROUNDS; round += 1)
      rounds.push(await measureLoad(subject, { ...load, amount: 300 }));
    const p99Ms = Math.min(...rounds.map((measured) => measured.p99Ms));
    const median99Ms = median(rounds.map((measured) => measured.p99Ms));
    const figures = `p50 ${median(rounds.map(({ p50Ms }) => p50Ms))} ms, p99 ${p99Ms} ms at best, ${median99Ms} ms in the median round`;
    verdict(`a question, ${subject.name}`, figures, 'p99 under 5 ms', p99Ms < 5);
  }
}

/** Ten times the questions that the model has places for: the refused are told at once, the admitted wait no longer than planned. */
async function benchOverload(service: Subject): Promise<void> {
  const ask = (perSecond: number, seconds: number) =>
    sendEvenly({ url: `${service.url}/v1/ask`, perSecond, seconds, body: QUESTION });
  await ask(100, 3);
  const answered = await ask(200, 10);
  const timesOf = (wanted: number) => answered.filter(({ status }) => status === wanted).map(({ ms }) => ms);
  const refused = timesOf(429);
  const admitted = timesOf(200);
  const others = answered.length - refused.length - admitted.length;
  if (others > 0) throw new Error(`${others} of ${answered.length} questions were neither answered nor refused.`);
  const [r50, r99] = [quantile(refused, 0.5), quantile(refused, 0.99)];
  verdict(
    `refused with 429, ${refused.length} of ${answered.length}`,
    `p50 ${r50} ms, p99 ${r99} ms`,
    'under 5 ms',
    r99 < 5,
  );
  const [a50, a99] = [quantile(admitted, 0.5), quantile(admitted, 0.99)];
  const longest = 2 * Number(THINKING.THINKS_MS) + 50;
  verdict('admitted meanwhile', `p50 ${a50} ms, p99 ${a99} ms`, `under ${longest} ms`, a99 < longest);
}

interface CurvePoint {
  readonly offered: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Loads up to three quarters of what the service can answer now, which depends on what else the machine does. */
async function benchCurve(service: Subject): Promise<readonly CurvePoint[]> {
  const { perSecond } = await measureLoad(service, {
    path: '/v1/ask',
    connections: CONNECTIONS,
    seconds: 5,
    body: QUESTION,
  });
  console.log(`At most ${perSecond.toFixed(0)} questions/s with ${CONNECTIONS} connections.`);
  const curve: CurvePoint[] = [];
  for (const part of [0.05, 0.15, 0.3, 0.45, 0.6, 0.75]) {
    const offered = Math.round(part * perSecond);
    const answered = await sendEvenly({
      url: `${service.url}/v1/ask`,
      perSecond: offered,
      seconds: 5,
      body: QUESTION,
    });
    // One that was not answered took for ever.
    const times = answered.map(({ status, ms }) => (status === 200 ? ms : Number.POSITIVE_INFINITY));
    const [p50Ms, p99Ms] = [quantile(times, 0.5), quantile(times, 0.99)];
    console.log(`${String(offered).padStart(5)} questions/s, evenly: p50 ${p50Ms} ms, p99 ${p99Ms} ms`);
    if (!Number.isFinite(p99Ms)) break;
    curve.push({ offered, p50Ms, p99Ms });
  }
  return curve;
}

function draw(curve: Awaited<ReturnType<typeof benchCurve>>, memory: Awaited<ReturnType<typeof soak>>): void {
  mkdirSync(GRAPHS, { recursive: true });
  const latency = lineChart({
    title: 'Time to answer a question by load',
    x: 'questions a second',
    y: 'milliseconds',
    lines: [
      { name: 'p99', color: '#d9534f', points: curve.map(({ offered, p99Ms }) => [offered, p99Ms]) },
      { name: 'median', color: '#337ab7', points: curve.map(({ offered, p50Ms }) => [offered, p50Ms]) },
    ],
  });
  const flat = lineChart({
    title: 'Memory over 100,000 requests',
    x: 'requests',
    y: 'MiB',
    lines: [
      {
        name: 'resident',
        color: '#d9534f',
        points: memory.map(({ requests, residentMiB }) => [requests, residentMiB]),
      },
      { name: 'heap used', color: '#337ab7', points: memory.map(({ requests, heapMiB }) => [requests, heapMiB]) },
    ],
  });
  writeFileSync(join(GRAPHS, 'latency.svg'), latency);
  writeFileSync(join(GRAPHS, 'memory.svg'), flat);
}

async function startBenchedService(postgres: RunningPostgres, database: string, env = {}): Promise<Subject> {
  const name = 'OPENAI_API_KEY' in env ? 'with a provider that answers at once' : 'answered from documents';
  const service = await startNodeSubject(name, MAIN, {
    DATABASE_URL: postgres.urlOf(database),
    SHUTDOWN_DELAY_MS: '0',
    API_TOKENS: TOKEN,
    ...env,
  });
  await until('the service is ready', async () => (await fetch(`${service.url}/health/ready`)).ok);
  return service;
}

async function startWithProvider(postgres: RunningPostgres, provider: Subject, env = {}): Promise<Subject> {
  const provided = { OPENAI_API_KEY: 'none', OPENAI_BASE_URL: `${provider.url}/v1` };
  return startBenchedService(postgres, 'bench', { ...provided, ...env });
}

/** Finds out which queries a question costs by asking one in this process, and gives a server that sends the same. */
async function startBareAsking(postgres: RunningPostgres): Promise<Subject> {
  const settings = readSettings({
    DATABASE_URL: postgres.urlOf('bench'),
    PORT: '0',
    SHUTDOWN_DELAY_MS: '0',
    API_AUTH: 'off',
  });
  const logger = createLogger({ level: 'fatal', format: 'json', scrub: createScrub([]) });
  const service = await startService({ ...settings, host: '127.0.0.1' }, logger);
  const ask = () =>
    fetch(`http://127.0.0.1:${service.port}/v1/ask`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(QUESTION),
    });
  await until('a question is answered', async () => (await ask()).ok);
  const queries = await recordQueries(ask);
  await service.stop();
  console.log(`A question costs ${queries.length} queries.`);
  return here('express-pg', { DATABASE_URL: postgres.urlOf('bench'), QUERIES: JSON.stringify(queries) });
}

function here(name: string, env: NodeJS.ProcessEnv = {}): Promise<Subject> {
  return startNodeSubject(name, join(import.meta.dirname, `${name}.ts`), env);
}

/** Processor time is compared, since the program that makes the load is itself slower than what it measures. */
function tell(name: string, measured: Measured, base: Measured, aim?: number): void {
  const { perSecond, cpuMicrosPerRequest, p99Ms } = measured;
  const ratio = Number.isNaN(cpuMicrosPerRequest)
    ? perSecond / base.perSecond
    : base.cpuMicrosPerRequest / cpuMicrosPerRequest;
  const figures = `${cpuMicrosPerRequest.toFixed(0)} µs CPU, ${perSecond.toFixed(0)}/s, p99 ${p99Ms} ms, ${ratio.toFixed(2)} x`;
  verdict(name, figures, aim === undefined ? '' : `at least ${aim} x`, aim === undefined || ratio >= aim);
}

function verdict(name: string, figures: string, aim: string, met: boolean): void {
  console.log(`${name.padEnd(48)} ${figures}${aim === '' ? '' : `  (${aim}: ${met ? 'met' : 'MISSED'})`}`);
}
