import { defineCheck } from '../../../core/check.ts';
import { callsCounted, inFlight, pagesOf } from '../question-pages.ts';

/** A rest of an answer that is shorter would be over before it could be seen to be broken off. */
const SHORTEST_REST_MS = 1000;
/** A call that ended within this share of what was left of the answer did not end by itself. */
const EARLY_SHARE = 0.6;

export const llmCancelsCheck = defineCheck({
  id: 'llm/cancels',
  title: 'Who goes away costs no more tokens',
  severity: 'warning',
  why: 'Readers close the page while the model still writes. A service that does not notice pays for every word that nobody reads, and keeps a place at the provider that somebody else waits for.',
  how: 'The question of --ask is asked twice with Accept: text/event-stream; the second time we hang up at the first piece. The histogram of LLM calls must count that call, or the gauge of requests under way must fall, well before the answer would have ended by itself. Where the answer is too short, no metric tells, or an end was never counted, this is unknown.',
  fix: 'Give the call to the provider a signal that the end of the connection aborts, and count the call when it ends so.',
  verify:
    'Ask a long question with curl -N and press Ctrl-C at the first word: gen_ai_client_operation_duration_seconds_count must rise at once.',
  references: [
    'https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/',
    'https://developer.mozilla.org/en-US/docs/Web/API/AbortSignal',
  ],
  only: ['endpoint'],
  needs: ['questionRun'],
  evaluate: ({ questionRun: { streamed, cancelled } }, settings) => {
    const about = {
      subject: 'question that nobody waits for',
      where: { request: streamed.request },
      expected: `its end within ${EARLY_SHARE * 100} % of the rest of the answer`,
    };
    // An answer that cannot be judged is no reason to hold a run up.
    const unknown = (message: string) => [
      { ...about, outcome: 'unknown' as const, severity: 'note' as const, message },
    ];
    if (cancelled === undefined)
      return unknown('The question was not answered piece by piece, or no metrics were there.');
    const restMs = streamed.endedMs - (streamed.pieces[0]?.atMs ?? streamed.endedMs);
    if (restMs < SHORTEST_REST_MS)
      return unknown(
        `The answer ended ${Math.round(restMs)} ms after its first piece, too soon to see whether it can be broken off; ask something longer.`,
      );
    const pages = pagesOf([cancelled.before, cancelled.during, ...cancelled.after.map(({ page }) => page)], settings);
    const [before, during, ...after] = pages ?? [];
    if (before === undefined || during === undefined)
      return unknown('The scrapes were no pages of metrics of one process.');
    const calls = after.map((page) => (callsCounted(page) ?? 0) - (callsCounted(during) ?? 0));
    const requests = after.map((page) => (inFlight(page) ?? 0) - (inFlight(before) ?? 0));
    const tellsCalls = callsCounted(during) !== undefined;
    const tellsRequests = (inFlight(during) ?? 0) > (inFlight(before) ?? 0);
    if (!tellsCalls && !tellsRequests)
      return unknown('No metric tells when a call to the model or a request ends, so that nothing can be said.');
    const ended = tellsCalls ? calls.findIndex((rise) => rise > 0) : requests.findIndex((more) => more <= 0);
    const endedMs = cancelled.after[ended]?.sinceMs;
    const what = tellsCalls ? 'the call to the model' : 'the request';
    const lookedMs = cancelled.after.at(-1)?.sinceMs ?? 0;
    // A call that is broken off is not counted everywhere, and one that goes on may do so longer than we look.
    if (endedMs === undefined)
      return unknown(
        `In ${lookedMs} ms after the hang-up no end of ${what} was counted, of ${Math.round(restMs)} ms that were left of the answer.`,
      );
    const observed = `${what} ended within ${endedMs} ms after the hang-up, of ${Math.round(restMs)} ms that were left`;
    return [
      endedMs <= restMs * EARLY_SHARE
        ? { ...about, outcome: 'pass', message: `When the reader goes, ${what} ends.`, observed }
        : {
            ...about,
            outcome: 'fail',
            message: 'The service goes on with an answer that nobody waits for.',
            observed,
          },
    ];
  },
});
