import { defineCheck } from '../../../core/check.ts';
import type { AnswerPiece } from '../../../core/run-facts.ts';

/** What comes so close together was one piece on the way. */
const APART_MS = 5;
/** An answer that was complete so soon needs no stream, and cannot be told from one that a model gave at one go. */
const TOO_QUICK_MS = 1000;

export const llmStreamsCheck = defineCheck({
  id: 'llm/streams',
  title: 'An answer that is streamed comes piece by piece',
  severity: 'warning',
  why: 'A stream that a proxy or a middleware holds back until it is complete keeps the reader waiting for all of it, and times out at every hop that waits for a first byte.',
  how: 'The question of --ask is asked with Accept: text/event-stream. Where the answer is a stream of events, it must come in more than one piece, and not almost all of it at its very end. An answer in another form does not stream, which is no fault.',
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
    const { status, headers, pieces, endedMs, end, request } = streamed;
    const about = {
      subject: 'streamed answer',
      where: { request },
      expected: 'several pieces, spread over the answer',
    };
    if (status >= 400) return [{ ...about, outcome: 'unknown', message: `The question was answered with ${status}.` }];
    if (!/^text\/event-stream/i.test(headers['content-type'] ?? ''))
      return [
        {
          ...about,
          outcome: 'not-applicable',
          message: 'The answer is no stream of events.',
          observed: headers['content-type'] ?? 'no Content-Type',
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
    if (endedMs < TOO_QUICK_MS && bursts.length === 1)
      return [
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
    return [{ ...about, outcome: 'pass', message: 'The answer came piece by piece.', observed }];
  },
});

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
