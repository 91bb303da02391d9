import { randomUUID } from 'node:crypto';
import type { AnswerStore, StoredAnswer } from '../database/answers.ts';
import type { ShedReason } from '../telemetry/http-metrics.ts';
import type { Logger } from '../telemetry/logging.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { type Answer, type Answerer, ProviderError, type Toolbox, type Turn } from './answerer.ts';
import { startDeadline } from './deadline.ts';
import { costOf, type Prices } from './prices.ts';
import type { OpenToolbox } from './toolbox.ts';

/** What became of the last calls of the provider, so that readiness can tell it without asking the provider itself. */
export interface ProviderHealth {
  readonly failing: boolean;
}

export interface Question {
  readonly question: string;
  /** The conversation that it continues; a new one begins without it. */
  readonly conversationId?: string;
}

/** Whoever wants to see an answer while it is made. */
export interface Listener {
  /** The next piece of the text. */
  token(text: string): void;
  tool(call: Answer['toolCalls'][number]): void;
  /** What there was of an answer that will not be finished has been kept. */
  kept(unfinished: StoredAnswer): void;
}

export interface Asking {
  /** Rejects with UnknownConversation where there is none to continue. */
  ask(question: Question, signal: AbortSignal, listener?: Listener): Promise<StoredAnswer>;
  health(): ProviderHealth;
}

export interface AskingParts {
  readonly answerer: Answerer;
  readonly openToolbox: OpenToolbox;
  /** Absent where nobody told them. */
  readonly prices: Prices | undefined;
  readonly answers: AnswerStore;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly deadlineMs: number;
}

/** Failures in a row after which the provider is called failing. */
const FAILING_AFTER = 3;
/** Failures that are refusals of our own, so that other questions are answered in time. */
const SHED: Readonly<Partial<Record<ProviderError['reason'], ShedReason>>> = {
  overloaded: 'overload',
  circuit_open: 'breaker',
};
/** How much of a conversation the answerer is told: the last turns, as many as there is room for. */
const MAX_HISTORY = { turns: 10, characters: 24_000 };

/** Answers a question within the deadline, measures it, and keeps the answer. */
export function createAsking(parts: AskingParts): Asking {
  const { answerer, openToolbox, prices, answers, metrics, logger, deadlineMs } = parts;
  let failuresInARow = 0;
  return {
    health: () => ({ failing: answerer.isFailing?.() ?? failuresInARow >= FAILING_AFTER }),
    async ask({ question, conversationId }, signal, listener) {
      const history =
        conversationId === undefined ? [] : fitting(await answers.lastTurns(conversationId, MAX_HISTORY.turns));
      const keep = (answer: Answer, complete: boolean) =>
        answers.save({
          id: randomUUID(),
          question,
          conversationId: conversationId ?? randomUUID(),
          continues: conversationId !== undefined,
          complete,
          cost: complete ? costOf(answer, prices) : undefined,
          answer,
        });
      const seen = watch(openToolbox(), listener);
      const deadline = startDeadline(deadlineMs, signal);
      const started = performance.now();
      let failure: string | undefined;
      let made: Answer | undefined;
      try {
        made = await answerer.answer(question, seen.toolbox, deadline.signal, {
          history,
          deadlineAt: started + deadlineMs,
          ...seen.options,
        });
        failuresInARow = 0;
        if (seen.text() === '') listener?.token(made.text);
        return await keep(made, true);
      } catch (error) {
        const reported = deadline.isOver() ? new ProviderError('timeout', error) : error;
        if (reported instanceof ProviderError) {
          failuresInARow += 1;
          failure = reported.reason;
          const shed = SHED[reported.reason];
          if (shed !== undefined) metrics.requestShed(shed);
        } else failure = signal.aborted ? 'aborted' : 'internal';
        if (made === undefined && seen.text() !== '')
          await keep(seen.unfinished(answerer.model), false).then(listener?.kept, (err: unknown) =>
            logger.warn({ err }, 'an unfinished answer could not be kept'),
          );
        throw reported;
      } finally {
        deadline.stop();
        const took = {
          seconds: (performance.now() - started) / 1000,
          ...(failure === undefined ? {} : { errorType: failure }),
        };
        const cost = made === undefined ? undefined : costOf(made, prices);
        if (answerer.countsCalls !== true)
          metrics.providerCalled({
            ...took,
            ...(made === undefined ? {} : { usage: made.usage }),
            ...(cost === undefined ? {} : { cost }),
          });
        metrics.questionAnswered(took);
      }
    },
  };
}

/** Remembers what a listener was told, so that it can be kept where the answer is not finished. */
function watch(toolbox: Toolbox, listener: Listener | undefined) {
  let told = '';
  const toolCalls: Answer['toolCalls'][number][] = [];
  const unfinished = (model: string): Answer => ({
    text: told,
    model,
    toolCalls,
    usage: { inputTokens: 0, outputTokens: 0 },
  });
  if (listener === undefined) return { toolbox, options: {}, text: () => told, unfinished };
  const watched: Toolbox = {
    tools: toolbox.tools,
    async call(name, input) {
      const result = await toolbox.call(name, input);
      const call = { name: name.slice(0, 64), outcome: result.outcome };
      toolCalls.push(call);
      listener.tool(call);
      return result;
    },
  };
  const onText = (text: string) => {
    told += text;
    listener.token(text);
  };
  return { toolbox: watched, options: { onText }, text: () => told, unfinished };
}

function fitting(turns: readonly StoredAnswer[]): readonly Turn[] {
  let room = MAX_HISTORY.characters;
  const newestFirst = turns.toReversed().filter(({ question, text }) => {
    room -= question.length + text.length;
    return room >= 0;
  });
  return newestFirst.toReversed().map(({ question, text }) => ({ question, answer: text }));
}
