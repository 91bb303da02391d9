import OpenAI from 'openai';
import type { ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources/chat/completions';
import { currentRequest } from '../../http/request-context.ts';
import { ProviderError } from '../answerer.ts';
import { AnswerTooLarge } from './bounded-fetch.ts';
import { startBudgets } from './budgets.ts';
import type { ProviderLimits } from './limits.ts';
import { createReplyReader, type ModelReply } from './reply-reader.ts';
import { retryAfterMs } from './retry-after.ts';

export interface ModelRequest {
  readonly model: string;
  readonly messages: ChatCompletionMessageParam[];
  readonly tools: ChatCompletionTool[];
}

type OnText = (piece: string) => void;

/**
 * Calls the model once. The answer always comes as a stream, since only then a provider that stalls can be told from one that
 * writes a long answer. Rejects with ProviderError, or with the signal's reason.
 */
export async function callModel(
  client: OpenAI,
  { model, messages, tools }: ModelRequest,
  limits: ProviderLimits,
  signal: AbortSignal,
  onText: OnText,
): Promise<ModelReply> {
  signal.throwIfAborted();
  const started = performance.now();
  const reader = createReplyReader(onText);
  const budgets = startBudgets(limits, signal);
  try {
    const traceparent = currentRequest()?.traceparent;
    const opening = client.chat.completions.create(
      {
        model,
        messages,
        stream: true,
        stream_options: { include_usage: true },
        max_completion_tokens: limits.maxOutputTokens,
        ...(tools.length === 0 ? {} : { tools }),
      },
      {
        signal: budgets.signal,
        timeout: limits.wholeTimeoutMs,
        ...(traceparent === undefined ? {} : { headers: { traceparent } }),
      },
    );
    const { data: stream, response } = await opening.withResponse();
    const contentType = response.headers.get('content-type') ?? '';
    if (contentType.startsWith('application/json')) reader.readWhole(await response.json());
    else if (contentType.startsWith('text/event-stream'))
      for await (const chunk of stream) {
        if (reader.read(chunk)) budgets.progress();
      }
    else {
      stream.controller.abort();
      throw new ProviderError('invalid', new Error('the answer is no stream of events'));
    }
    throwIfOver();
    return reader.reply(started);
  } catch (error) {
    throwIfOver();
    throw toProviderError(error, reader.hasText());
  } finally {
    budgets.stop();
  }

  /** The library ends a stream that was aborted as if it were whole. */
  function throwIfOver(): void {
    signal.throwIfAborted();
    const spent = budgets.spent();
    // The model has said that it is done: what was still waited for is its account.
    if (spent === undefined || reader.isFinished()) return;
    throw new ProviderError('timeout', new Error(`the time for ${spent} was spent`), { spoken: reader.hasText() });
  }
}

function toProviderError(error: unknown, spoken: boolean): ProviderError {
  if (error instanceof ProviderError) return error.spoken === spoken ? error : error.after(spoken);
  const pause = error instanceof OpenAI.APIError ? retryAfterMs(error.headers, Date.now()) : undefined;
  return new ProviderError(reasonOf(error), error, {
    spoken,
    ...(pause === undefined ? {} : { retryAfterMs: pause }),
  });
}

/** What is said of one question and no other, such as that it is too long. */
const REJECTIONS: ReadonlySet<number> = new Set([400, 413, 422]);

function reasonOf(error: unknown): ProviderError['reason'] {
  if (error instanceof OpenAI.APIConnectionTimeoutError) return 'timeout';
  if (error instanceof OpenAI.RateLimitError) return 'rate_limited';
  if (error instanceof OpenAI.AuthenticationError || error instanceof OpenAI.PermissionDeniedError) return 'refused';
  if (error instanceof SyntaxError || error instanceof AnswerTooLarge) return 'invalid';
  if (error instanceof OpenAI.APIError && REJECTIONS.has(error.status ?? 0)) return 'rejected';
  if (error instanceof OpenAI.APIError && error.status !== undefined && error.status < 500) return 'invalid';
  return 'unavailable';
}
