import { defineCheck, type Verdict } from '../../../core/check.ts';
import { endsStream } from '../../../core/ends-stream.ts';
import type { AnswerPiece, StreamedAnswer } from '../../../core/run-facts.ts';

/** What comes so close together was one piece on the way. */
const APART_MS = 5;
/** An answer that was complete so soon needs no stream, and cannot be told from one that a model gave at one go. */
const TOO_QUICK_MS = 1000;
/** Until a reader thinks that nothing happens. */
const PATIENT_MS = 1500;

export const llmStreamsCheck = defineCheck({
  id: 'llm/streams',
  title: 'A question is answered, and a stream comes piece by piece',
  severity: 'warning',
  why: 'A stream that a proxy or a middleware holds back until it is complete keeps the reader waiting for all of it, and times out at every hop that waits for a first byte.',
  how: 'The question of --ask is asked with Accept: text/event-stream. Where the answer is a stream of events, it must come in more than one piece, and not almost all of it at its very end; that its first word comes within 1.5 s, that no cache may keep it, and that its last event says that it is the last, are notes. Events under another media type fail, and so do an answer of 500 or above and an error in the body of a success; 503 and 504, by which a service says that it cannot answer now, and a refusal are unknown. An answer in another form does not stream, which is no fault.',
  fix: 'Send every event as the model gives it, and switch off buffering and compression for text/event-stream in the service and in each proxy: X-Accel-Buffering: no, proxy_buffering off.',
  verify:
    'Run curl -N -H \'Accept: text/event-stream\' -d \'{"question": "…"}\' http://HOST/v1/ask and watch the lines.',
  references: [
    'https://html.spec.whatwg.org/multipage/server-sent-events.html',
    'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering',
  ],
  only: ['endpoint'],
  needs: ['questionRun'],
  evaluate: ({ questionRun: { streamed } }) => {
    const { status, headers, body, pieces, endedMs, end, request } = streamed;
    const about = {
      subject: 'streamed answer',
      where: { request },
      expected: 'several pieces, spread over the answer',
    };
    const type = headers['content-type'] ?? 'no Content-Type';
    const fail = (message: string, observed: string, expected = about.expected): readonly Verdict[] => [
      { ...about, outcome: 'fail', message, observed, expected },
    ];
    if (status >= 500 && !SAYS_NOT_NOW.has(status))
      return fail(`The question was answered with ${status}.`, `status ${status}`, 'an answer');
    if (status >= 400) return [{ ...about, outcome: 'unknown', message: `The question was answered with ${status}.` }];
    if (isOnlyError(streamed))
      return fail(
        `The question was answered with ${status} and an error in the body: machines read the code only.`,
        `status ${status} with an error`,
        'a status code that says what the body does',
      );
    if (!/^text\/event-stream/i.test(type) && EVENTS.test(body))
      return fail(
        `A stream of events says that it is ${type}, so that no client reads it as one.`,
        type,
        'the Content-Type text/event-stream',
      );
    if (!/^text\/event-stream/i.test(type))
      return [
        {
          ...about,
          outcome: 'not-applicable',
          message: 'The answer is no stream of events.',
          observed: type,
        },
      ];
    const bursts = burstsOf(pieces);
    const firstMs = bursts[0]?.atMs ?? endedMs;
    const observed = `${bursts.length} pieces, the first after ${Math.round(firstMs)} ms, the end after ${Math.round(endedMs)} ms`;
    if (end === 'cut' || bursts.length === 0)
      return [
        {
          ...about,
          outcome: 'fail',
          message: 'The stream broke off before its end.',
          observed,
        },
      ];
    const asides = judgeAsides(streamed, firstMs);
    if (endedMs < TOO_QUICK_MS && bursts.length === 1)
      return [
        ...asides,
        {
          ...about,
          outcome: 'unknown',
          severity: 'note',
          message: `The answer was complete after ${Math.round(endedMs)} ms, too soon to tell whether it is streamed; ask something longer.`,
        },
      ];
    const bytes = bursts.reduce((sum, burst) => sum + burst.bytes, 0);
    const last = bursts.at(-1);
    const isHeldBack =
      bursts.length === 2 &&
      last !== undefined &&
      last.bytes >= bytes * 0.8 &&
      last.atMs - firstMs >= (endedMs - firstMs) * 0.8 &&
      endedMs >= TOO_QUICK_MS;
    if (bursts.length === 1 || isHeldBack)
      return [
        ...asides,
        {
          ...about,
          outcome: 'fail',
          message:
            bursts.length === 1
              ? 'The whole stream came in one piece: something holds it back.'
              : 'After its beginning the whole stream came in one piece: something holds it back.',
          observed,
        },
      ];
    return [...asides, { ...about, outcome: 'pass', message: 'The answer came piece by piece.', observed }];
  },
});

/** A service says by these that it cannot answer now, which is not to say that it never can. */
const SAYS_NOT_NOW: ReadonlySet<number> = new Set([503, 504]);
const EVENTS = /^(?::[^\n]*\n+)*(?:event|data|id|retry):/;

/** A JSON object of which an error is all that there is, beside what says when and where it was. */
function isOnlyError({ headers, body }: StreamedAnswer): boolean {
  if (!/[/+]json\b/i.test(headers['content-type'] ?? '')) return false;
  try {
    const { error, ...others }: Readonly<Record<string, unknown>> = Object(JSON.parse(body));
    const isTold = typeof error === 'string' ? error !== '' : typeof error === 'object' && error !== null;
    return (
      isTold &&
      Object.keys(others).every((name) =>
        /^(?:code|id|message|path|request_?id|status|timestamp|trace_?id|type)$/i.test(name),
      )
    );
  } catch {
    return false;
  }
}

/** What a stream owes those between it and its reader, and the reader at its end. */
function judgeAsides({ headers, body, end, request }: StreamedAnswer, firstMs: number): readonly Verdict[] {
  const about = { outcome: 'fail', severity: 'note', where: { request } } as const;
  const cacheControl = headers['cache-control'];
  const endsUntold = end === 'complete' && !endsStream(body);
  return [
    ...(/\bno-(?:store|cache)\b/i.test(cacheControl ?? '')
      ? []
      : [
          {
            ...about,
            subject: 'headers of the stream',
            message: 'The stream lacks Cache-Control: no-store, so a proxy may keep it or hold it back.',
            observed: `Cache-Control: ${cacheControl ?? '(none)'}`,
            expected: 'Cache-Control: no-store or no-cache',
          },
        ]),
    ...(firstMs <= PATIENT_MS
      ? []
      : [
          {
            ...about,
            subject: 'first word of the stream',
            message: `The first word came after ${(firstMs / 1000).toFixed(1)} s, and until then a reader sees nothing.`,
            observed: `${Math.round(firstMs)} ms`,
            expected: `at most ${PATIENT_MS} ms, or an event before that says what is being done`,
          },
        ]),
    ...(endsUntold
      ? [
          {
            ...about,
            subject: 'end of the stream',
            message: 'The stream has no end event that says so: a reader cannot tell it from one that broke off.',
            observed: 'no event that is known to end a stream',
            expected: 'a last event such as event: done, or data: [DONE]',
          },
        ]
      : []),
  ];
}

function burstsOf(pieces: readonly AnswerPiece[]): readonly AnswerPiece[] {
  const bursts: { atMs: number; bytes: number; lastMs: number }[] = [];
  for (const { atMs, bytes } of pieces) {
    const burst = bursts.at(-1);
    if (burst === undefined || atMs - burst.lastMs > APART_MS) bursts.push({ atMs, bytes, lastMs: atMs });
    else {
      burst.bytes += bytes;
      burst.lastMs = atMs;
    }
  }
  return bursts;
}
