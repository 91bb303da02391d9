import type { Exchange } from '../../../core/endpoint-facts.ts';
import type { CancelledQuestion, QuestionRun, StreamedAnswer } from '../../../core/run-facts.ts';
import type { Client } from '../../http/client.ts';
import { RequestFailure } from '../../http/request-failure.ts';
import { defineEndpointFact, type EndpointView } from '../endpoint-fact.ts';
import type { Question } from '../observe-activity.ts';
import { scrape } from '../scrape.ts';
import { rest } from './timeline-recorder.ts';

/** So long beyond the longest answer that it may give, a service without a deadline is given up. */
const PATIENCE_MS = 5000;
/** A service may count an answer a little after its last byte. */
const COUNTED_MS = 150;
const LOOK_MS = 250;
/** As long as the end of an answer is looked for that nobody waits for. */
const LONGEST_LOOK_MS = 20_000;

/** Asks the caller's question as one who reads along, and once more as one who goes away after the first words. */
export const questionFact = defineEndpointFact({
  fact: 'questionRun',
  isAsked: ({ ask, runs }) => ask !== undefined && runs?.question !== undefined,
  observe: (view) => observeQuestion(view, view.options.ask as Question),
});

async function observeQuestion(view: EndpointView, question: Question): Promise<QuestionRun> {
  const { signal, metrics, options } = view;
  const timeoutMs = (options.runs?.question?.longestAnswerMs ?? 0) + PATIENCE_MS;
  const asking = view.newClient({ timeoutMs, signal });
  const scraper = view.newMetricsClient({ timeoutMs: options.timeoutMs, signal });
  const look = async (): Promise<Exchange | undefined> => {
    if (metrics === undefined) return undefined;
    try {
      return await scrape(scraper, metrics.path);
    } catch (error) {
      if (error instanceof RequestFailure) return undefined;
      throw error;
    }
  };
  try {
    const before = await look();
    const streamed = await ask(asking, question);
    await rest(COUNTED_MS, signal);
    const after = await look();
    const isWorthIt = streamed.status < 300 && streamed.end === 'complete' && after !== undefined;
    const cancelled = isWorthIt ? await goAway(asking, question, { streamed, before: after, look, signal }) : undefined;
    return {
      streamed,
      ...(before === undefined || after === undefined ? {} : { metrics: { before, after } }),
      cancelled,
    };
  } finally {
    await Promise.all([asking.close(), scraper.close()]);
  }
}

/** As it is: whether an answer is streamed may be asked for by its header, and never by a body that we make up. */
function ask(
  client: Client,
  { method, path, body, contentType = 'application/json' }: Question,
  onPiece?: () => Promise<boolean>,
): Promise<StreamedAnswer> {
  return client.stream(method, path, {
    headers: { accept: 'text/event-stream', ...(body === undefined ? {} : { 'content-type': contentType }) },
    ...(body === undefined ? {} : { body }),
    ...(onPiece === undefined ? {} : { onPiece }),
  });
}

async function goAway(
  client: Client,
  question: Question,
  {
    streamed,
    before,
    look,
    signal,
  }: {
    readonly streamed: StreamedAnswer;
    readonly before: Exchange;
    readonly look: () => Promise<Exchange | undefined>;
    readonly signal: AbortSignal;
  },
): Promise<CancelledQuestion | undefined> {
  let during: Exchange | undefined;
  const answer = await ask(client, question, async () => {
    during = await look();
    return false;
  });
  const [first] = answer.pieces;
  if (first === undefined || during === undefined) return undefined;
  const hungUp = performance.now();
  const sinceMs = () => Math.round(performance.now() - hungUp);
  const restOfAnswerMs = streamed.endedMs - (streamed.pieces[0]?.atMs ?? streamed.endedMs);
  const after: CancelledQuestion['after'][number][] = [];
  const untilMs = Math.min(restOfAnswerMs + 2 * LOOK_MS, LONGEST_LOOK_MS);
  while (sinceMs() < untilMs && !signal.aborted) {
    // Often at first, when it matters, and then seldom enough for the budget of a run.
    await rest(sinceMs() < 4000 ? LOOK_MS : 4 * LOOK_MS, signal);
    const page = await look();
    if (page !== undefined) after.push({ sinceMs: sinceMs(), page });
  }
  return { firstPieceMs: first.atMs, before, during, after };
}
