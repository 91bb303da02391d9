import { spawn } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CHECKS } from '../../src/checks/index.ts';
import type { FactName, Snapshot } from '../../src/core/facts.ts';
import { ASKED_FOR_BY_OPTION } from '../../src/core/facts-on-request.ts';
import { runChecks } from '../../src/core/run-checks.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import { tellTimeline } from '../../src/core/timeline.ts';
import type { EndpointOptions } from '../../src/sources/endpoint/endpoint-fact.ts';
import { endpointSource } from '../../src/sources/endpoint/endpoint-source.ts';
import { FURTHER_FACTS } from '../../src/sources/endpoint/further-facts.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { httpServer } from './endpoint-servers.ts';

const PATHS = { live: '/health/live', ready: '/health/ready', metrics: '/metrics' };

function collect(
  options: Partial<EndpointOptions> & { readonly url: string },
  wanted: readonly FactName[],
  signal = new AbortController().signal,
): Promise<Snapshot> {
  const source = endpointSource({ paths: PATHS, timeoutMs: 2000, deadlineMs: 10_000, ...options });
  return source.collect(new Set(wanted), signal);
}

/** What each check says of a snapshot, by its id: `pass`, or `fail: …`. */
function verdicts(snapshot: Snapshot): Readonly<Record<string, readonly string[]>> {
  const judged = [...runChecks(CHECKS, [snapshot], DEFAULT_SETTINGS)];
  const by = Map.groupBy(judged, ({ check }) => check.id);
  return Object.fromEntries([...by].map(([id, all]) => [id, all.map(({ outcome }) => outcome)]));
}

function seen<K extends FactName>(snapshot: Snapshot, name: K) {
  const fact = snapshot.facts[name];
  if (fact?.seen !== true) throw new Error(`${name} was not seen: ${fact?.reason}`);
  return fact.value;
}

describe('facts that only an option brings', () => {
  it('are known as such wherever a run asks what it was not asked', () => {
    for (const { fact, isAsked } of FURTHER_FACTS) expect(ASKED_FOR_BY_OPTION.has(fact)).toBe(isAsked !== undefined);
  });

  it('are neither seen nor missed where no option asks', async () => {
    await using server = await httpServer(healthy());
    const snapshot = await collect({ url: server.url }, ['outageRun', 'drainRun', 'loadRun', 'questionRun']);
    expect(snapshot.facts).toEqual({});
    expect(snapshot.notSeen).toEqual([]);
  });
});

describe('an outage', () => {
  /** A service whose dependency is a file. */
  function dependent(file: string, broken: Partial<Record<'live' | 'ready', Broken>> = {}): Handler {
    return (request, response) => {
      const kind = request.url === '/health/live' ? 'live' : request.url === '/health/ready' ? 'ready' : undefined;
      if (kind === undefined) return void response.writeHead(404).end();
      const away = !existsSync(file);
      const how = broken[kind] ?? (kind === 'live' ? 'never' : 'says');
      if (!away || how === 'never') return void response.end('ok');
      if (how === 'says') return void response.writeHead(503).end('unavailable');
      // Hangs: no answer while the dependency is away.
      return undefined;
    };
  }
  type Broken = 'never' | 'says' | 'hangs';
  type Handler = (request: IncomingMessage, response: ServerResponse) => void;

  async function outage(
    broken: Partial<Record<'live' | 'ready', Broken>>,
    commands: { readonly command?: string; readonly recover?: string } = {},
  ) {
    const file = join(temporaryFolder({ database: 'up' }), 'database');
    await using server = await httpServer(dependent(file, broken));
    const told: string[] = [];
    const snapshot = await collect(
      {
        url: server.url,
        runs: {
          outage: {
            command: commands.command ?? `rm ${file}`,
            recover: commands.recover ?? `touch ${file}`,
            holdMs: 300,
            boundMs: 2000,
          },
          tell: (text) => void told.push(text),
        },
      },
      ['outageRun', 'readyEndpoint'],
    );
    return { snapshot, told, file };
  }

  it('that the service bears well is told with its times', async () => {
    const { snapshot, told } = await outage({});
    expect(verdicts(snapshot)).toMatchObject({
      'health/outage-liveness': ['pass'],
      'health/outage-readiness': ['pass', 'pass'],
    });
    const lines = tellTimeline(seen(snapshot, 'outageRun').timeline).join('\n');
    expect(lines).toMatch(/^\+0\.\d s liveness 200$/m);
    expect(lines).toMatch(/^\+\d\.\d s readiness 200 → 503$/m);
    expect(lines).toMatch(/^\+\d\.\d s readiness 503 → 200$/m);
    expect(seen(snapshot, 'readyEndpoint').turnedWithOutage).toBe(true);
    expect(told).toEqual([]);
  });

  it.each([
    ['liveness that falls with it', { live: 'says' }, ['fail'], ['pass', 'pass']],
    ['liveness that waits for it', { live: 'hangs' }, ['fail'], ['pass', 'pass']],
    ['readiness that does not look', { ready: 'never' }, ['pass'], ['fail']],
    ['readiness that only hangs', { ready: 'hangs' }, ['pass'], ['fail', 'pass']],
  ] as const)('shows %s', async (_, broken, liveness, readiness) => {
    const { snapshot } = await outage(broken);
    expect(verdicts(snapshot)).toMatchObject({
      'health/outage-liveness': liveness,
      'health/outage-readiness': readiness,
    });
  });

  it('that was none proves nothing, and tells what the command wrote, and is mended all the same', async () => {
    const { snapshot, told, file } = await outage(
      {},
      { command: 'echo no such database, password=hunter2hunter2 >&2; exit 3' },
    );
    expect(verdicts(snapshot)).toMatchObject({
      'health/outage-liveness': ['unknown'],
      'health/outage-readiness': ['unknown'],
    });
    expect(told.join('\n')).toContain('ended with 3.\nno such database');
    expect(told.join('\n')).not.toContain('hunter2');
    expect(existsSync(file)).toBe(true);
  });

  it('is not made where it could not be seen what comes of it', async () => {
    const file = join(temporaryFolder({ database: 'up' }), 'database');
    await using server = await httpServer((request, response) => {
      response.writeHead(request.url === '/health/live' ? 200 : 404).end();
    });
    const outageOptions = { command: `rm ${file}`, recover: 'true', holdMs: 100, boundMs: 1000 };
    const snapshot = await collect({ url: server.url, runs: { outage: outageOptions, tell: () => {} } }, ['outageRun']);
    expect(snapshot.facts.outageRun).toMatchObject({
      reason: expect.stringContaining('readiness endpoint answered 404'),
    });
    expect(existsSync(file)).toBe(true);
  });

  it('is mended where the person ends the run in the middle of it', async () => {
    const file = join(temporaryFolder({ database: 'up' }), 'database');
    const interruption = new AbortController();
    const handle = dependent(file);
    await using server = await httpServer((request, response) => {
      if (!existsSync(file)) interruption.abort();
      handle(request, response);
    });
    const outageOptions = { command: `rm ${file}`, recover: `touch ${file}`, holdMs: 60_000, boundMs: 60_000 };
    const snapshot = await collect(
      { url: server.url, runs: { outage: outageOptions, tell: () => {} } },
      ['outageRun'],
      interruption.signal,
    );
    expect(existsSync(file)).toBe(true);
    expect(snapshot.facts.outageRun).toMatchObject({ seen: false });
  });

  it('is mended past the deadline of the run too', async () => {
    const file = join(temporaryFolder({ database: 'up' }), 'database');
    await using server = await httpServer(dependent(file));
    const outageOptions = { command: `rm ${file}`, recover: `touch ${file}`, holdMs: 500, boundMs: 2000 };
    const snapshot = await collect(
      { url: server.url, deadlineMs: 700, runs: { outage: outageOptions, tell: () => {} } },
      ['outageRun'],
    );
    expect(existsSync(file)).toBe(true);
    expect(verdicts(snapshot)).toMatchObject({ 'health/outage-readiness': ['pass', 'pass'] });
  });
});

describe('an order to stop', () => {
  /** A service in a process of its own, of which only the behaviour at SIGTERM differs. */
  async function startProcess(onTerm: string): Promise<{ readonly url: string; readonly pid: number }> {
    const file = join(temporaryFolder({}), 'server.mjs');
    writeFileSync(file, SERVICE.replace('/* on SIGTERM */', onTerm));
    const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(file, { force: true });
    });
    const port = await new Promise<string>((resolve) => child.stdout.once('data', (chunk) => resolve(String(chunk))));
    return { url: `http://127.0.0.1:${port.trim()}`, pid: child.pid ?? 0 };
  }

  async function drain(onTerm: string, graceMs = 3000): Promise<Snapshot> {
    const { url, pid } = await startProcess(onTerm);
    const ask = { method: 'POST', path: '/ask', body: '{"question":"Why?"}' };
    return collect({ url, ask, runs: { drain: { order: { pid }, graceMs }, tell: () => {} } }, ['drainRun']);
  }

  it('that is followed well is seen to be', async () => {
    const snapshot = await drain(WELL);
    expect(verdicts(snapshot), tellTimeline(seen(snapshot, 'drainRun').timeline).join('\n')).toEqual({
      'lifecycle/drain-order': ['pass'],
      'lifecycle/drain-requests': ['pass', 'pass'],
      'lifecycle/drain-connections': ['pass'],
      'lifecycle/drain-liveness': ['pass'],
      'lifecycle/drain-exit': ['pass'],
    });
    const lines = tellTimeline(seen(snapshot, 'drainRun').timeline).join('\n');
    expect(lines).toMatch(/SIGTERM to process \d+\n(?:.*\n)*.*readiness 200 → 503\n(?:.*\n)*.*port open → refused/);
  });

  it('that ends the process at once cuts what is open', async () => {
    expect(verdicts(await drain('process.exit(0);'))).toMatchObject({
      'lifecycle/drain-order': ['fail'],
      'lifecycle/drain-requests': [expect.anything(), 'fail'],
      'lifecycle/drain-exit': ['pass'],
    });
  });

  it('that is ignored is seen at the end of the grace period', async () => {
    const snapshot = await drain('', 500);
    expect(verdicts(snapshot)).toMatchObject({ 'lifecycle/drain-order': ['fail'], 'lifecycle/drain-exit': ['fail'] });
  });

  it('that closes the port first leaves balancers no time', async () => {
    const closed =
      'server.close(); setTimeout(() => { draining = true; }, 300); setTimeout(() => process.exit(0), 1500);';
    expect(verdicts(await drain(closed))).toMatchObject({
      'lifecycle/drain-order': ['fail'],
      'lifecycle/drain-exit': ['pass'],
    });
  });

  it('that resets connections loses requests', async () => {
    const resets =
      'draining = true; resetting = true; setTimeout(() => { for (const socket of sockets) socket.resetAndDestroy(); }, 50); setTimeout(() => process.exit(0), 1200);';
    expect(verdicts(await drain(resets))).toMatchObject({
      'lifecycle/drain-order': ['pass'],
      'lifecycle/drain-requests': ['fail', 'fail'],
    });
  });

  it('that leaves connections open and takes liveness down is told of both', async () => {
    const careless = 'draining = true; careless = true; setTimeout(() => process.exit(0), 1500);';
    expect(verdicts(await drain(careless))).toMatchObject({
      'lifecycle/drain-connections': ['fail'],
      'lifecycle/drain-liveness': ['fail'],
    });
  });

  it('can be given by a command, whose failure proves nothing', async () => {
    const { url, pid } = await startProcess(WELL);
    const run = (command: string) =>
      collect({ url, runs: { drain: { order: { command }, graceMs: 3000 }, tell: () => {} } }, ['drainRun']);
    expect(new Set(Object.values(verdicts(await run('exit 7'))).flat())).toEqual(new Set(['unknown']));
    const snapshot = await run(`kill -TERM ${pid}`);
    expect(verdicts(snapshot)).toMatchObject({
      'lifecycle/drain-order': ['pass'],
      'lifecycle/drain-requests': ['pass'],
      'lifecycle/drain-exit': ['pass'],
    });
  });

  it('to a process that is not there is not given', async () => {
    await using server = await httpServer(healthy());
    const snapshot = await collect(
      { url: server.url, runs: { drain: { order: { pid: 2 ** 22 + 1 }, graceMs: 500 }, tell: () => {} } },
      ['drainRun'],
    );
    expect(snapshot.facts.drainRun).toMatchObject({ seen: false, reason: expect.stringContaining('no such process') });
  });
});

/** Answers in events, slowly; what it does at SIGTERM is put in. */
const SERVICE = `
import { createServer } from 'node:http';
let draining = false, resetting = false, careless = false;
const sockets = new Set(), open = new Set();
const server = createServer((request, response) => {
  if (draining && !careless) response.setHeader('connection', 'close');
  if (request.url === '/health/ready') return void response.writeHead(draining ? 503 : 200).end('{}');
  if (request.url === '/health/live') return void response.writeHead(careless ? 503 : 200).end('{}');
  if (request.url !== '/ask') return void response.writeHead(404).end();
  open.add(response);
  response.once('close', () => open.delete(response));
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let nth = 0;
  const timer = setInterval(() => {
    nth++;
    response.write('data: {"word":' + nth + '}\\n\\n');
    if (nth < 8) return;
    clearInterval(timer);
    response.end('event: done\\ndata: {}\\n\\n');
  }, 100);
});
server.keepAliveTimeout = 60_000;
server.on('connection', (socket) => {
  sockets.add(socket);
  socket.on('error', () => {});
  socket.once('close', () => sockets.delete(socket));
  if (resetting) setTimeout(() => socket.resetAndDestroy(), 1);
});
process.on('SIGTERM', () => { /* on SIGTERM */ });
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

const WELL = `
  draining = true;
  setTimeout(() => {
    // Whatever came in is answered before the process ends.
    server.close(() => process.exit(0));
    setInterval(() => server.closeIdleConnections(), 20);
  }, 800);
`;

function healthy(): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    response.statusCode = request.url?.startsWith('/health/') === true ? 200 : 404;
    response.end('ok');
  };
}
