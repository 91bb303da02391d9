import { goodFamilies, renderPage } from './metrics.ts';
import type { Answer, Asked, Service } from './service.ts';

/** What callers of the benchmark's services have to show. */
export const TOKEN = 'benchmark-caller-7f3a91c2d4';

/** The question of the benchmark, and what a caller writes on the command line to have it asked. */
export const QUESTION = 'POST /v1/ask {"question":"What is the refund policy?"}';
export const ASKING: readonly string[] = ['--ask', QUESTION, '--header', `Authorization: Bearer ${TOKEN}`];

const LARGEST_QUESTION = 64 * 1024;

/** A service in node:http with everything right: every fault of the benchmark is this one, but for one thing. */
export const BASE: Service = {
  live: () => health({ status: 'pass' }),
  ready: () => health({ status: 'pass', checks: { database: [{ status: 'pass', componentType: 'datastore' }] } }),
  metrics: (_asked, counts, service) => {
    counts.addScrape();
    return {
      status: 200,
      headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
      body: service.page(service.families(counts), counts),
    };
  },
  ask: (asked, counts) => {
    if (asked.headers.authorization !== `Bearer ${TOKEN}`)
      return { ...problem(401, 'Unauthorized'), headers: { ...PROBLEM, 'www-authenticate': 'Bearer' } };
    if (asked.body.length > LARGEST_QUESTION) return problem(413, 'Content Too Large');
    if (questionOf(asked.body) === undefined) return problem(400, 'Bad Request');
    counts.addAnswer(ANSWER_SECONDS);
    return wantsStream(asked) ? streamed(WORDS) : answered({ answer: WORDS.join('') });
  },
  unknown: () => problem(404, 'Not Found'),
  refused: ({ path }) => {
    const allow = path === '/v1/ask' ? 'POST' : 'GET, HEAD';
    return { ...problem(405, 'Method Not Allowed'), headers: { ...PROBLEM, allow } };
  },
  families: goodFamilies,
  page: renderPage,
  labels: ({ method, path }, status) =>
    path === '/metrics'
      ? undefined
      : {
          method: METHODS.includes(method) ? method : '_OTHER',
          route: ROUTES.includes(path) ? path : 'unmatched',
          status: String(status),
        },
  headers: { 'x-content-type-options': 'nosniff' },
  log: [
    line('info', 'listening', { port: 8080 }),
    line('info', 'request', { method: 'POST', route: '/v1/ask', status: 200, durationMs: 812, trace_id: traceId(1) }),
    line('warn', 'provider was slow', { durationMs: 7200, trace_id: traceId(2) }),
    line('error', 'request', { method: 'POST', route: '/v1/ask', status: 502, durationMs: 7210, trace_id: traceId(2) }),
  ],
};

const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const ROUTES: readonly string[] = ['/health/live', '/health/ready', '/v1/ask'];
const ANSWER_SECONDS = 0.02;
const WORDS = ['You can ', 'return it ', 'within ', '30 days.'] as const;
const PROBLEM = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' } as const;

/** An answer of a health endpoint. */
export function health(body: unknown, status = 200): Answer {
  return {
    status,
    headers: { 'content-type': 'application/health+json', 'cache-control': 'no-store' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

/** An answer as RFC 9457 wants it; `more` stands beside what it has to say. */
export function problem(status: number, title: string, more: Readonly<Record<string, unknown>> = {}): Answer {
  return { status, headers: PROBLEM, body: JSON.stringify({ type: 'about:blank', title, status, ...more }) };
}

export function answered(body: unknown): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}

/** Server-sent events, one for each word, with the end marked. */
export function streamed(words: readonly string[]): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
    body: [
      ...words.map((word) => `event: delta\ndata: ${JSON.stringify({ text: word })}\n\n`),
      'event: done\ndata: {}\n\n',
    ],
    afterMs: 15,
  };
}

/** Undefined where the body is no question. */
export function questionOf(body: string): string | undefined {
  try {
    const question: unknown = Reflect.get(Object(JSON.parse(body)), 'question');
    return typeof question === 'string' && question !== '' ? question : undefined;
  } catch {
    return undefined;
  }
}

export function wantsStream({ headers, body }: Asked): boolean {
  return /text\/event-stream/.test(headers.accept ?? '') || /"stream"\s*:\s*true/.test(body);
}

/** One line of a structured log. */
export function line(level: string, msg: string, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ level, time: '2026-05-04T10:15:30.120Z', service: 'qna', msg, ...more });
}

function traceId(number: number): string {
  return `4bf92f3577b34da6a3ce929d0e0e47${number.toString(16).padStart(2, '0')}`;
}
