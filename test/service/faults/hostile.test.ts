import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../../../scripts/wait.ts';
import { seriesOf, startTestPostgres, type TestPostgres } from '../harness.ts';
import { type ServiceProcess, startServiceProcess } from '../service-process.ts';
import { HOSTILE_REQUESTS } from './hostile-requests.ts';
import { exchange, open } from './raw-http.ts';

const REQUESTS = 10_000;
const AT_ONCE = 50;
const MIB = 1024 * 1024;

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

/** With little memory, so that a leak ends it. */
async function start(): Promise<{ service: ServiceProcess; port: number }> {
  const service = await startServiceProcess(
    { DATABASE_URL: await postgres.createDatabase(), LOG_LEVEL: 'warn', REQUEST_HEAD_MS: '1000' },
    ['--max-old-space-size=96'],
  );
  await service.ready();
  return { service, port: Number(new URL(service.url).port) };
}

describe('hostile requests', () => {
  it('get the right status each, with problem details, and learn nothing', async () => {
    const { port } = await start();
    const wrong: object[] = [];
    for (const { name, bytes, right, bare } of HOSTILE_REQUESTS) {
      const started = performance.now();
      const { status, text } = await exchange(port, bytes);
      const told = status < 400 || bare || text.toLowerCase().includes('content-type: application/problem+json');
      const silent = !/node_modules|at .*\.ts|SyntaxError|x-powered-by/i.test(text);
      const tookMs = Math.round(performance.now() - started);
      if (!right.includes(status) || !told || !silent || tookMs > 5_000)
        wrong.push({ name, status, right, tookMs, text: text.slice(0, 300) });
    }
    expect(wrong).toEqual([]);
  });

  it(`of ${REQUESTS} the process lives, its memory is bounded, and its connections are given back`, {
    timeout: 180_000,
  }, async () => {
    const { service, port } = await start();
    await attack(port, REQUESTS / 5);
    const before = await figures(service);
    const statuses = await attack(port, (REQUESTS * 4) / 5);
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
    await until('connections are given back', async () => (await figures(service)).files <= before.files + 10);
    const after = await figures(service);
    expect(after.resident - before.resident).toBeLessThan(48 * MIB);
    expect(service.child.exitCode).toBeNull();
    expect(service.stderr()).toBe('');
    expect((await service.ask('How do I restore a backup?')).status).toBe(200);
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
  });

  it('that are slow on purpose are ended with 408, and nobody else waits for them', async () => {
    const { service, port } = await start();
    const endless = `Host: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nffffff\r\n`;
    const starts = [
      `POST /v1/ask HTTP/1.1\r\n${endless}`,
      'GET /v1/answers/x HTTP/1.1\r\nHost: x\r\nX-Slow: ',
      'POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{',
    ];
    const ends: Promise<string>[] = [];
    for (let n = 0; n < 300; n += 1) {
      const socket = open(port);
      let text = '';
      socket.on('data', (chunk) => {
        text += String(chunk);
      });
      ends.push(new Promise((resolve) => socket.once('close', () => resolve(text))));
      socket.write(starts[n % 3] ?? '');
      const dribble = setInterval(() => socket.writable && socket.write('x'), 100);
      const stop = () => clearInterval(dribble);
      socket.once('close', stop);
      onTestFinished(() => {
        stop();
        socket.destroy();
      });
    }
    const closed = Promise.all(ends);
    let waiting = true;
    closed.then(
      () => {
        waiting = false;
      },
      () => {},
    );
    const times: number[] = [];
    while (waiting) {
      const started = performance.now();
      expect((await service.ask('How do I restore a backup?')).status).toBe(200);
      times.push(performance.now() - started);
    }
    expect(times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]).toBeLessThan(200);
    const texts = await closed;
    expect(texts.filter((text) => text.startsWith('HTTP/1.1 408')).length).toBe(texts.length);
  });
});

/** Sends so many hostile requests, each kind in turn; gives the statuses. */
async function attack(port: number, count: number): Promise<readonly number[]> {
  const statuses: number[] = [];
  let next = 0;
  const work = async () => {
    while (next < count) {
      const request = HOSTILE_REQUESTS[next % HOSTILE_REQUESTS.length];
      next += 1;
      if (request === undefined) return;
      // Some leave in the middle, which is hostile too.
      if (next % 7 === 0) open(port).end(request.bytes).destroySoon();
      else statuses.push((await exchange(port, request.bytes)).status);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return statuses;
}

async function figures({ url }: ServiceProcess): Promise<{ readonly resident: number; readonly files: number }> {
  const page = await (await fetch(`${url}/metrics`)).text();
  return {
    resident: seriesOf(page, 'process_resident_memory_bytes') ?? Number.NaN,
    files: seriesOf(page, 'process_open_fds') ?? 0,
  };
}
