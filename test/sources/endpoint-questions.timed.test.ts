import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/checks/index.ts';
import { endsStream } from '../../src/core/ends-stream.ts';
import type { FactName, Snapshot } from '../../src/core/facts.ts';
import { runChecks } from '../../src/core/run-checks.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import { endpointSource } from '../../src/sources/endpoint/endpoint-source.ts';
import type { LoadOptions } from '../../src/sources/endpoint/runs/run-options.ts';
import { httpServer } from './endpoint-servers.ts';

const PATHS = { live: '/health/live', ready: '/health/ready', metrics: '/metrics' };
const ASK = { method: 'POST', path: '/ask', body: '{"question":"Why?"}' };

interface Service {
  /** Events, in milliseconds after the beginning; all at once at the end where `holdsBack`. */
  readonly events?: number;
  readonly beatMs?: number;
  readonly holdsBack?: boolean;
  readonly goesOn?: boolean;
  readonly tokens?: boolean;
  readonly failure?: string;
  readonly quiet?: boolean;
}

/** A service that answers in events, and that counts its calls to a model as they end. */
function streaming({ events = 16, beatMs = 100, holdsBack, goesOn, tokens = true, failure, quiet }: Service) {
  let calls = 0;
  let used = 0;
  let open = 0;
  return (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url === '/metrics') {
      response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
      const usage = tokens ? `# TYPE gen_ai_tokens_total counter\ngen_ai_tokens_total ${used}\n` : '';
      response.end(
        quiet === true
          ? 'up_since 1\n'
          : `# TYPE gen_ai_client_operation_duration_seconds histogram\ngen_ai_client_operation_duration_seconds_bucket{le="+Inf"} ${calls}\ngen_ai_client_operation_duration_seconds_sum ${calls}\ngen_ai_client_operation_duration_seconds_count ${calls}\n# TYPE http_requests_in_progress gauge\nhttp_requests_in_progress ${open + 1}\n${usage}`,
      );
      return;
    }
    if (request.url !== '/ask') {
      response.end('ok');
      return;
    }
    if (failure !== undefined) {
      response.writeHead(502, { 'content-type': 'application/json' }).end(failure);
      return;
    }
    open++;
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    let nth = 0;
    const end = () => {
      clearInterval(timer);
      calls++;
      open--;
      used += nth;
    };
    const timer = setInterval(() => {
      nth++;
      if (holdsBack !== true && !response.destroyed) response.write(`data: word ${nth}\n\n`);
      if (nth < events) return;
      response.end(holdsBack === true ? `${'data: word\n\n'.repeat(events)}` : 'data: [DONE]\n\n');
      end();
    }, beatMs);
    response.once('close', () => {
      if (!response.writableFinished && goesOn !== true) end();
    });
  };
}

async function collect(
  service: Service,
  wanted: readonly FactName[] = ['questionRun', 'errorAnswers'],
  deadlineMs = 10_000,
) {
  await using server = await httpServer(streaming(service));
  const source = endpointSource({
    url: server.url,
    paths: PATHS,
    timeoutMs: 2000,
    deadlineMs,
    ask: ASK,
    runs: { question: { longestAnswerMs: 5000 }, tell: () => {} },
  });
  return await source.collect(new Set(wanted), new AbortController().signal);
}

function outcomeOf(snapshot: Snapshot, id: string): readonly string[] {
  const checks = CHECKS.filter((check) => check.id === id);
  return [...runChecks(checks, [snapshot], DEFAULT_SETTINGS)].map(({ outcome }) => outcome);
}

describe('a question', () => {
  it('that is answered word by word is seen to stream, to end with its reader and to count its tokens', async () => {
    const snapshot = await collect({});
    for (const check of ['streams', 'cancels', 'token-metrics'])
      expect(outcomeOf(snapshot, `llm/${check}`), check).toEqual(['pass']);
    expect(outcomeOf(snapshot, 'llm/answer-deadline')).toEqual(['unknown']);
    expect(outcomeOf(snapshot, 'llm/error-leak')).toEqual(['unknown']);
  });

  it('that the deadline of the run cuts off says nothing of how long an answer takes', async () => {
    const snapshot = await collect({ events: 8 }, undefined, 1200);
    expect(snapshot.facts.questionRun).toMatchObject({
      seen: false,
      reason: expect.stringContaining('the time for the whole run was over'),
    });
    expect(outcomeOf(snapshot, 'llm/answer-deadline')).toEqual(['unknown']);
  });

  it.each([
    ['held back until its end', { holdsBack: true, events: 12 }, 'streams', 'fail'],
    ['answered on although nobody waits', { goesOn: true }, 'cancels', 'fail'],
    ['answered where no metric tells', { quiet: true }, 'cancels', 'unknown'],
    ['answered by a service that counts no tokens', { tokens: false, events: 3 }, 'token-metrics', 'fail'],
    [
      'refused with the words of the provider',
      { failure: '{"detail":"Error code: 401 - Incorrect API key provided: see api.openai.com"}' },
      'error-leak',
      'fail',
    ],
    ['refused in words of its own', { failure: '{"title":"The model is away.","id":"7"}' }, 'error-leak', 'pass'],
  ] as const)('that is %s is seen to be', async (_, service, check, outcome) => {
    expect(outcomeOf(await collect(service), `llm/${check}`)).toContain(outcome);
  });
});

describe('the end of a stream', () => {
  it.each([
    ['data: {"a":1}\n\ndata: [DONE]\n\n', true],
    ['event: token\ndata: a\n\nevent: done\ndata: {}\n\n', true],
    ['event: response.completed\ndata: {}\n\n', true],
    ['event: error\ndata: {"code":"stopping"}\n\n', true],
    ['data: {"choices":[{"finish_reason":"stop"}]}\n\n', true],
    ['data: {"choices":[{"finish_reason":null}]}\n\n', false],
    ['event: token\ndata: "the word done"\n\n', false],
    ['', false],
  ])('is told of %j as %s', (body, ends) => expect(endsStream(body)).toBe(ends));
});

describe('a load', () => {
  interface Loaded {
    readonly answer?: (nth: number, response: ServerResponse) => void;
    /** What the histogram counts, of what is answered. */
    readonly counts?: (nth: number) => boolean;
    /** By which the histogram is wrong. */
    readonly factor?: number;
  }

  async function load({ answer, counts = () => true, factor = 1 }: Loaded, options: Partial<LoadOptions> = {}) {
    let nth = 0;
    const durations: number[] = [];
    await using server = await httpServer((request, response) => {
      if (request.url === '/metrics') {
        response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
        const buckets = [0.001, 0.01, 0.1, 0.5, 1, 5, Number.POSITIVE_INFINITY].map(
          (le) =>
            `http_request_duration_seconds_bucket{route="/work",le="${le === Number.POSITIVE_INFINITY ? '+Inf' : le}"} ${durations.filter((each) => each <= le).length}`,
        );
        response.end(
          `# TYPE http_request_duration_seconds histogram\n${buckets.join('\n')}\nhttp_request_duration_seconds_sum{route="/work"} 1\nhttp_request_duration_seconds_count{route="/work"} ${durations.length}\n`,
        );
        return;
      }
      if (request.url !== '/work') {
        response.end('ok');
        return;
      }
      const mine = nth++;
      const started = performance.now();
      response.once('finish', () => {
        if (counts(mine)) durations.push(((performance.now() - started) / 1000) * factor);
      });
      if (answer === undefined) response.end('ok');
      else answer(mine, response);
    });
    const source = endpointSource({
      url: server.url,
      paths: PATHS,
      timeoutMs: 1000,
      deadlineMs: 10_000,
      runs: {
        load: { ratePerSecond: 40, durationMs: 1000, request: { method: 'GET', path: '/work' }, ...options },
        tell: () => {},
      },
    });
    const snapshot = await source.collect(new Set<FactName>(['loadRun']), new AbortController().signal);
    const fact = snapshot.facts.loadRun;
    if (fact?.seen !== true) throw new Error(fact?.reason);
    return { snapshot, run: fact.value };
  }

  it('is sent at its rate, and agrees with the histogram of the service', async () => {
    const { snapshot, run } = await load({});
    expect(run).toMatchObject({ planned: 40, dropped: 0, outcomes: { '2xx': 40 } });
    expect(outcomeOf(snapshot, 'load/errors')).toEqual(['pass']);
    expect(outcomeOf(snapshot, 'load/latency')).toEqual(['not-applicable']);
    expect(outcomeOf(snapshot, 'metrics/latency-agrees')).toEqual(['pass', 'pass']);
  });

  it('counts a stall for every request that it held up', async () => {
    // The server answers nothing until the 30th request is there, and then everything.
    const held: ServerResponse[] = [];
    const { run } = await load({
      answer: (nth, response) => {
        held.push(response);
        if (nth >= 29) for (const each of held.splice(0)) each.end('ok');
      },
    });
    // The first waits for 29 others that come 25 ms apart, and half of all wait for nine or more.
    expect(run.latencyMs?.max).toBeGreaterThanOrEqual(29 * 25);
    expect(run.latencyMs?.p50).toBeGreaterThanOrEqual(9 * 25);
  });

  it('tells what failed, by its class', async () => {
    const { snapshot, run } = await load({
      answer: (nth, response) => {
        if (nth % 4 === 0) response.writeHead(503).end();
        else if (nth % 4 === 1) response.destroy();
        else response.end('ok');
      },
    });
    expect(run.outcomes).toEqual({ '2xx': 20, '503': 10, reset: 10 });
    expect(outcomeOf(snapshot, 'load/errors')).toEqual(['fail']);
  });

  it('sends no more than it can hold, and says what it left out', async () => {
    const { snapshot, run } = await load({ answer: () => {} }, { ratePerSecond: 200, durationMs: 500 });
    expect(run.dropped).toBe(100 - 64);
    expect(run.outcomes).toEqual({ 'too slow': 64 });
    expect(outcomeOf(snapshot, 'load/errors')).toEqual(['fail']);
  });

  it.each([
    ['leaves requests out', { counts: (nth: number) => nth % 2 === 0 }, ['fail']],
    ['counts in another unit', { factor: 1000 }, ['pass', 'fail']],
  ])('shows a histogram that %s', async (_, service, outcomes) => {
    const { snapshot } = await load(service);
    expect(outcomeOf(snapshot, 'metrics/latency-agrees')).toEqual(outcomes);
  });
});
