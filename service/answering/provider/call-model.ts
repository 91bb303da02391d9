import OpenAI from 'openai';
import type { ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources/chat/completions';
import { currentRequest } from '../../http/request-context.ts';
import { ProviderError } from '../answerer.ts';
import type { ProviderLimits } from './limits.ts';
import { patiently } from './patient-stream.ts';
import { retryAfterMs } from './retry-after.ts';

export interface ModelRequest {
  readonly model: string;
  readonly messages: ChatCompletionMessageParam[];
  readonly tools: ChatCompletionTool[];
}

/** What the model said in one call. */
export interface ModelReply {
  readonly text: string;
  readonly toolCalls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  /** The model that answered, which an alias may hide. */
  readonly model: string | undefined;
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
  readonly secondsToFirstChunk: number | undefined;
  /** The mean over the chunks after the first. */
  readonly secondsPerChunk: number | undefined;
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
  const stalled = new AbortController();
  const started = performance.now();
  const gathered = gather(onText);
  try {
    signal.throwIfAborted();
    const traceparent = currentRequest()?.traceparent;
    const opening = client.chat.completions.create(
      {
        model,
        messages,
        stream: true,
        stream_options: { include_usage: true },
        ...(tools.length === 0 ? {} : { tools }),
      },
      {
        signal: AbortSignal.any([signal, stalled.signal]),
        timeout: limits.firstTokenTimeoutMs,
        ...(traceparent === undefined ? {} : { headers: { traceparent } }),
      },
    );
    const { data: stream, response } = await opening.withResponse();
    const contentType = response.headers.get('content-type') ?? '';
    if (contentType.startsWith('application/json')) {
      gathered.addWhole((await response.json()) as OpenAI.ChatCompletion);
      return gathered.reply(started);
    }
    if (!contentType.startsWith('text/event-stream')) {
      stalled.abort();
      throw new ProviderError('invalid', new Error('the answer is no stream of events'));
    }
    const firstMs = Math.max(1, limits.firstTokenTimeoutMs - (performance.now() - started));
    const patience = { firstMs, idleMs: limits.idleTimeoutMs, abandon: () => stalled.abort() };
    for await (const chunk of patiently(stream, patience)) gathered.add(chunk);
    return gathered.reply(started);
  } catch (error) {
    signal.throwIfAborted();
    throw toProviderError(error, gathered.hasText());
  }
}

/** Puts the pieces together; the arguments of a tool come in fragments, told apart by their index. */
function gather(onText: OnText) {
  const take = (piece: unknown) => {
    if (typeof piece !== 'string' || piece === '') return;
    text += piece;
    onText(piece);
  };
  let text = '';
  let model: string | undefined;
  let finished = false;
  let usage = { inputTokens: 0, outputTokens: 0 };
  let firstAt: number | undefined;
  let lastAt = 0;
  let chunks = 0;
  const calls: { id: string; name: string; arguments: string }[] = [];
  return {
    hasText: () => text !== '',
    add(chunk: OpenAI.ChatCompletionChunk): void {
      lastAt = performance.now();
      firstAt ??= lastAt;
      chunks += 1;
      model ??= chunk.model;
      if (chunk.usage != null)
        usage = { inputTokens: chunk.usage.prompt_tokens, outputTokens: chunk.usage.completion_tokens };
      const choice = chunk.choices?.[0];
      if (choice?.finish_reason != null) finished = true;
      for (const { index, id, function: named } of choice?.delta?.tool_calls ?? []) {
        calls[index] ??= { id: '', name: '', arguments: '' };
        const call = calls[index];
        call.id ||= id ?? '';
        call.name ||= named?.name ?? '';
        call.arguments += named?.arguments ?? '';
      }
      take(choice?.delta?.content);
    },
    /** Some servers that call themselves compatible know no streams, and answer whole. */
    addWhole({ choices, ...completion }: OpenAI.ChatCompletion): void {
      const message = choices?.[0]?.message;
      if (message === undefined) throw new ProviderError('invalid', new Error('the answer has no message'));
      finished = true;
      model = completion.model;
      if (completion.usage != null)
        usage = { inputTokens: completion.usage.prompt_tokens, outputTokens: completion.usage.completion_tokens };
      for (const call of message.tool_calls ?? [])
        if (call.type === 'function')
          calls.push({ id: call.id, name: call.function.name, arguments: call.function.arguments });
      take(message.content);
    },
    reply(started: number): ModelReply {
      // A connection that was cut ends the stream just like a whole answer does, save for the reason to finish.
      if (!finished) throw new ProviderError('cut_off', new Error('the stream ended before the answer did'));
      return {
        text,
        toolCalls: calls.filter((call) => call !== undefined),
        model,
        usage,
        secondsToFirstChunk: firstAt === undefined ? undefined : (firstAt - started) / 1000,
        secondsPerChunk: firstAt === undefined || chunks < 2 ? undefined : (lastAt - firstAt) / 1000 / (chunks - 1),
      };
    },
  };
}

function toProviderError(error: unknown, spoken: boolean): ProviderError {
  if (error instanceof ProviderError) return error.spoken === spoken ? error : error.after(spoken);
  const pause = error instanceof OpenAI.APIError ? retryAfterMs(error.headers, Date.now()) : undefined;
  return new ProviderError(reasonOf(error), error, {
    spoken,
    ...(pause === undefined ? {} : { retryAfterMs: pause }),
  });
}

function reasonOf(error: unknown): ProviderError['reason'] {
  if (error instanceof OpenAI.APIConnectionTimeoutError) return 'timeout';
  if (error instanceof OpenAI.RateLimitError) return 'rate_limited';
  if (error instanceof OpenAI.AuthenticationError || error instanceof OpenAI.PermissionDeniedError) return 'refused';
  if (error instanceof SyntaxError) return 'invalid';
  if (error instanceof OpenAI.APIError && error.status !== undefined && error.status < 500) return 'invalid';
  return 'unavailable';
}
