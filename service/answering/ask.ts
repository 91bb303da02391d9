import { randomUUID } from 'node:crypto';
import type { AnswerStore, StoredAnswer } from '../database/answers.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { type Answerer, ProviderError, type Toolbox, type Turn } from './answerer.ts';

/** What became of the last calls of the provider, so that readiness can tell it without asking the provider itself. */
export interface ProviderHealth {
  readonly failing: boolean;
}

export interface Question {
  readonly question: string;
  /** The conversation that it continues; a new one begins without it. */
  readonly conversationId?: string;
}

export interface Asking {
  /** Rejects with UnknownConversation where there is none to continue. */
  ask(question: Question, signal: AbortSignal): Promise<StoredAnswer>;
  health(): ProviderHealth;
}

/** Failures in a row after which the provider is called failing. */
const FAILING_AFTER = 3;
/** How much of a conversation the answerer is told: the last turns, as many as there is room for. */
const MAX_HISTORY = { turns: 10, characters: 24_000 };

/** Answers a question within the deadline, measures it, and keeps the answer. */
export function createAsking(
  answerer: Answerer,
  toolbox: Toolbox,
  store: AnswerStore,
  metrics: Metrics,
  deadlineMs: number,
): Asking {
  let failuresInARow = 0;
  return {
    health: () => ({ failing: failuresInARow >= FAILING_AFTER }),
    async ask({ question, conversationId }, signal) {
      const history =
        conversationId === undefined ? [] : fitting(await store.lastTurns(conversationId, MAX_HISTORY.turns));
      const deadline = AbortSignal.timeout(deadlineMs);
      const bound = AbortSignal.any([signal, deadline]);
      const started = performance.now();
      let failure: string | undefined;
      let usage: StoredAnswer['usage'] | undefined;
      try {
        const answer = await answerer.answer(question, toolbox, bound, { history });
        failuresInARow = 0;
        usage = answer.usage;
        return await store.save({
          id: randomUUID(),
          question,
          conversationId: conversationId ?? randomUUID(),
          continues: conversationId !== undefined,
          answer,
        });
      } catch (error) {
        const reported = deadline.aborted ? new ProviderError('timeout', error) : error;
        if (reported instanceof ProviderError) {
          failuresInARow += 1;
          failure = reported.reason;
        } else failure = signal.aborted ? 'aborted' : 'internal';
        throw reported;
      } finally {
        const took = {
          seconds: (performance.now() - started) / 1000,
          ...(failure === undefined ? {} : { errorType: failure }),
        };
        metrics.providerCalled({ ...took, ...(usage === undefined ? {} : { usage }) });
        metrics.questionAnswered(took);
      }
    },
  };
}

function fitting(turns: readonly StoredAnswer[]): readonly Turn[] {
  let room = MAX_HISTORY.characters;
  const newestFirst = turns.toReversed().filter(({ question, text }) => {
    room -= question.length + text.length;
    return room >= 0;
  });
  return newestFirst.toReversed().map(({ question, text }) => ({ question, answer: text }));
}
