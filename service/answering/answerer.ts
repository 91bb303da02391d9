import type { FoundDocument } from './documents.ts';

/** An answer, and what it took to make it. */
export interface Answer {
  readonly text: string;
  readonly model: string;
  /** Made from the documents alone, without a model. */
  readonly offline?: boolean;
  /** Why the model was not asked, or not heard to the end, where one should have been. */
  readonly degraded?: ProviderError['reason'];
  readonly toolCalls: readonly { readonly name: string; readonly outcome: 'ok' | 'error' }[];
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
  /** The provider did not tell what it used, so nobody knows what the answer cost. */
  readonly unmetered?: boolean;
}

/** Answers questions with tools, by a provider's model or without one. */
export interface Answerer {
  /** The provider's name as OpenTelemetry writes it. */
  readonly provider: string;
  readonly model: string;
  /** Rejects when the signal aborts, and with ProviderError when the provider fails. */
  answer(question: string, tools: Toolbox, signal: AbortSignal, options?: AnswerOptions): Promise<Answer>;
  /** Whether the last calls of the provider failed; absent where there is none. */
  isFailing?(): boolean;
  /** Counts its calls of the model by itself. */
  readonly countsCalls?: true;
}

export interface AnswerOptions {
  /** What was asked and answered before in the same conversation, the oldest first. */
  readonly history?: readonly Turn[];
  /** Is told the text piece by piece, where somebody wants to see it while it is made. */
  readonly onText?: (text: string) => void;
  /** When the signal will abort by itself, by `performance.now()`: nothing is waited for that comes later. */
  readonly deadlineAt?: number;
}

export interface Turn {
  readonly question: string;
  readonly answer: string;
}

/** The tools that an answerer may call; each call is measured and bounded by whoever made the box. */
export interface Toolbox {
  readonly tools: readonly ToolDescription[];
  /** Never rejects for a tool's own failure: that is a result which the model can read. */
  call(name: string, input: unknown): Promise<ToolResult>;
}

export interface ToolResult {
  readonly outcome: 'ok' | 'error';
  /** For the model to read. */
  readonly output: string;
  /** The documents themselves, where the tool looked for some. */
  readonly found?: readonly FoundDocument[];
}

export interface ToolDescription {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the input. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface ProviderFailure {
  /** Words of the model had been passed on before, so that nobody else can answer in its place. */
  readonly spoken?: boolean;
  /** The pause that the provider asked for. */
  readonly retryAfterMs?: number;
}

/** The provider failed; `reason` is of few kinds, so that it can be a label. `rejected` is about one question alone. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly reason:
    | 'timeout'
    | 'rate_limited'
    | 'refused'
    | 'rejected'
    | 'unavailable'
    | 'invalid'
    | 'cut_off'
    | 'circuit_open'
    | 'overloaded';
  readonly spoken: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(reason: ProviderError['reason'], cause: unknown, { spoken = false, retryAfterMs }: ProviderFailure = {}) {
    super(`the provider failed: ${reason}`, { cause });
    this.reason = reason;
    this.spoken = spoken;
    this.retryAfterMs = retryAfterMs;
  }

  /** The same failure, seen by somebody who knows whether words had been passed on. */
  after(spoken: boolean): ProviderError {
    return new ProviderError(this.reason, this.cause, {
      spoken,
      ...(this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs }),
    });
  }
}
