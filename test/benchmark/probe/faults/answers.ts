import { answered, problem, TOKEN, wantsStream } from '../base-service.ts';
import type { Fault } from '../fault.ts';
import type { Answer, Part, Service } from '../service.ts';
import { changing, onSuccess, withHeaders } from './changes.ts';

const STREAMS = '9.5';
const FAILURES = '9.6';
/** Beyond what may come in one piece because it is quick. */
const LONG_MS = 1200;

const STREAMING: readonly string[] = ['--ask', 'POST /v1/ask {"question":"What is the refund policy?","stream":true}'];

const onStream =
  (change: (answer: Answer) => ReturnType<Part>) =>
  (base: Service): Service => ({
    ...base,
    ask: (asked, counts, service) => {
      const given = base.ask(asked, counts, service);
      return typeof given !== 'string' && given.status === 200 && wantsStream(asked) ? change(given) : given;
    },
  });

const piecesOf = ({ body }: Answer): readonly string[] => (Array.isArray(body) ? body : [String(body)]);

/** Questions that are answered late, in one piece, wrongly, or to anybody. */
export const ANSWER_FAULTS: readonly Fault[] = [
  {
    name: 'stream-in-one-piece',
    tells: 'The stream is collected by a proxy and arrives in one piece.',
    item: STREAMS,
    check: 'llm/streams',
    says: /The whole stream came in one piece/,
    breaks: onStream((answer) => ({ ...answer, body: piecesOf(answer).join(''), afterMs: LONG_MS })),
    asks: true,
  },
  {
    name: 'stream-without-end',
    tells: 'The stream ends without the event that says so: a caller cannot tell it from one that broke off.',
    item: STREAMS,
    check: 'llm/streams',
    says: /no end event that says so/,
    breaks: onStream((answer) => ({ ...answer, body: piecesOf(answer).slice(0, -1) })),
    asks: true,
    args: STREAMING,
  },
  {
    name: 'stream-cacheable',
    tells: 'The stream may be kept by a cache.',
    item: STREAMS,
    check: 'llm/streams',
    says: /lacks Cache-Control/,
    breaks: (base) => ({
      ...base,
      ask: changing(base.ask, (answer) => ({ ...answer, headers: { 'content-type': 'text/event-stream' } })),
    }),
    asks: true,
    args: STREAMING,
  },
  {
    name: 'stream-as-json',
    tells: 'The stream says that it is JSON.',
    item: STREAMS,
    check: 'llm/streams',
    says: /stream of events says that it is application\/json/,
    breaks: onStream((answer) => ({ ...answer, headers: { ...answer.headers, 'content-type': 'application/json' } })),
    asks: true,
    args: STREAMING,
  },
  {
    name: 'first-word-late',
    tells: 'The first word of the stream takes two seconds.',
    item: '–',
    check: 'llm/streams',
    says: /first (?:byte|word|token)/i,
    // The words are collected, and then sent in turn.
    breaks: onStream((answer) => ({ ...answer, firstAfterMs: 2000 })),
    asks: true,
  },
  {
    name: 'answer-uncompressed',
    tells: 'An answer of 256 KiB is sent as it is to a caller who takes gzip.',
    item: '–',
    check: 'missed',
    says: /compress|gzip/i,
    breaks: onSuccess(() => answered({ answer: 'Within 30 days. '.repeat(16_384) })),
    asks: true,
  },
  {
    name: 'answer-hangs',
    tells: 'The provider never answers, and the service waits with it.',
    item: '–',
    check: 'unknown:health/leak',
    says: /the time for the whole run was over/,
    breaks: onSuccess(() => 'silence'),
    asks: true,
    args: ['--deadline', '5'],
  },
  {
    name: 'answer-502',
    tells: 'The question is answered with 502.',
    item: STREAMS,
    check: 'llm/streams',
    says: /answered with 502/,
    breaks: onSuccess(() => problem(502, 'Bad Gateway')),
    asks: true,
  },
  {
    name: 'answer-200-with-error',
    tells: 'The provider is down, and the question is answered with 200 and an error in the body.',
    item: STREAMS,
    check: 'llm/streams',
    says: /200 and an error in the body/,
    breaks: onSuccess(() => answered({ error: { message: 'The provider could not be reached.' } })),
    asks: true,
  },
  {
    name: 'answer-leaks-key',
    tells: 'The answer shows the request to the provider, with its key.',
    item: FAILURES,
    check: 'llm/error-leak',
    says: /An answer of 200 tells a secret/,
    breaks: onSuccess(() =>
      answered({ answer: 'Yes.', debug: { headers: { authorization: 'Bearer sk-proj-4b1d9f2c7a6e8d3f5a0c9b8e' } } }),
    ),
    asks: true,
  },
  {
    name: 'answers-anybody',
    tells: 'Questions are answered without a token, at the cost of the owner.',
    item: '–',
    check: 'http/authentication',
    says: /without (?:a token|credentials|authentication)/i,
    breaks: (base) => ({
      ...base,
      ask: (asked, counts, service) =>
        base.ask({ ...asked, headers: { ...asked.headers, authorization: `Bearer ${TOKEN}` } }, counts, service),
    }),
    asks: true,
  },
  {
    name: 'no-body-limit',
    tells: 'A question of any size is read and passed on.',
    item: '–',
    check: 'http/limits',
    says: /body|limit|413/i,
    breaks: (base) => ({
      ...base,
      ask: (asked, counts, service) => {
        const given = base.ask(asked, counts, service);
        const isLarge = typeof given !== 'string' && given.status === 413;
        return isLarge ? base.ask({ ...asked, body: '{"question":"…"}' }, counts, service) : given;
      },
    }),
    asks: true,
  },
  {
    name: 'cors-any-with-credentials',
    tells: 'Any web page may ask with the cookies of the user.',
    item: '–',
    check: 'http/cross-origin',
    says: /Access-Control-Allow|CORS|origin/i,
    breaks: (base) => {
      const allowed: Part = (asked) => ({
        status: 204,
        headers: {
          'access-control-allow-origin': asked.headers.origin ?? '*',
          'access-control-allow-credentials': 'true',
          'access-control-allow-methods': 'GET, POST',
        },
        body: '',
      });
      const open = { 'access-control-allow-origin': '*', 'access-control-allow-credentials': 'true' };
      return {
        ...base,
        refused: (...asked) => (asked[0].method === 'OPTIONS' ? allowed : base.refused)(...asked),
        ask: withHeaders(base.ask, open),
        headers: { ...base.headers, ...open },
      };
    },
    asks: true,
  },
  {
    name: 'cookie-without-attributes',
    tells: 'Answers set a session cookie that scripts can read and that travels unencrypted.',
    item: '–',
    check: 'http/cookies',
    says: /HttpOnly|Secure|cookie/i,
    breaks: (base) => ({
      ...base,
      ask: withHeaders(base.ask, { 'set-cookie': 'session=3f9a7c' }),
      unknown: withHeaders(base.unknown, { 'set-cookie': 'session=3f9a7c' }),
    }),
    asks: true,
  },
  {
    name: 'no-problem-details',
    tells: 'Errors are plain text, so a program cannot tell one from another.',
    item: '–',
    check: 'http/errors',
    says: /problem/i,
    breaks: (base) => ({
      ...base,
      unknown: () => ({ status: 404, headers: { 'content-type': 'text/plain' }, body: 'Not Found' }),
    }),
  },
  {
    name: 'reflects-path',
    tells: 'The page for an unknown path repeats the path as HTML, scripts and all.',
    item: '–',
    check: 'http/errors',
    says: /reflect|script|HTML/i,
    breaks: (base) => ({
      ...base,
      unknown: ({ url }) => ({
        status: 404,
        headers: { 'content-type': 'text/html' },
        body: `<html><body>There is no ${decodeURI(url)} here.</body></html>`,
      }),
    }),
  },
];
