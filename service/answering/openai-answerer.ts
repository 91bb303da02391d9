import OpenAI from 'openai';
import type { ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources/chat/completions';
import type { ProviderSettings } from '../settings.ts';
import type { BreakerMetrics } from '../telemetry/breaker-metrics.ts';
import type { ProviderMetrics } from '../telemetry/provider-metrics.ts';
import { withSpan } from '../telemetry/with-span.ts';
import { type Answer, type Answerer, ProviderError, type Toolbox, type ToolResult } from './answerer.ts';
import { costOf, type Prices } from './prices.ts';
import { createBoundedFetch } from './provider/bounded-fetch.ts';
import { callModel } from './provider/call-model.ts';
import { createGuard } from './provider/guard.ts';
import { DEFAULT_LIMITS } from './provider/limits.ts';
import type { ModelReply } from './provider/reply-reader.ts';

/** A model that still wants tools after this many rounds is going in circles. */
const MAX_ROUNDS = 6;
const MAX_TOOL_CALLS = 12;

const INSTRUCTIONS =
  'You answer questions about this service. Search its documents before you answer, name the document that you rely on, and say so when they do not tell.';

type Metrics = ProviderMetrics & BreakerMetrics;

/** Answers with a model behind an OpenAI-compatible API. */
export function createOpenAiAnswerer(
  { apiKey, baseUrl, model, limits: given = {} }: ProviderSettings,
  metrics: Metrics,
  prices?: Prices,
): Answerer {
  const limits = { ...DEFAULT_LIMITS, ...given };
  // The library would retry by itself, outside of our deadline and for as long as the provider asks.
  const client = new OpenAI({
    apiKey,
    maxRetries: 0,
    logLevel: 'off',
    fetch: createBoundedFetch(limits.connectTimeoutMs),
    ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
  });
  const guard = createGuard(limits, metrics);
  return {
    provider: 'openai',
    model,
    countsCalls: true,
    isFailing: guard.isFailing,
    async answer(question, toolbox, signal, { history = [], onText = () => {}, deadlineAt } = {}): Promise<Answer> {
      const messages: ChatCompletionMessageParam[] = [
        { role: 'system', content: INSTRUCTIONS },
        ...history.flatMap(({ question: asked, answer: answered }): ChatCompletionMessageParam[] => [
          { role: 'user', content: asked },
          { role: 'assistant', content: answered },
        ]),
        { role: 'user', content: question },
      ];
      const toolCalls: { name: string; outcome: 'ok' | 'error' }[] = [];
      const usage = { inputTokens: 0, outputTokens: 0 };
      let unmetered = false;
      let spoken = false;
      const passOn = (piece: string) => {
        spoken = true;
        onText(piece);
      };
      for (let round = 0; round < MAX_ROUNDS; round += 1) {
        const lastRound = round === MAX_ROUNDS - 1 || toolCalls.length >= MAX_TOOL_CALLS;
        const request = { model, messages, tools: lastRound ? [] : describe(toolbox) };
        const reply = await guard
          .run(
            () => measured(metrics, model, prices, () => callModel(client, request, limits, signal, passOn)),
            signal,
            deadlineAt,
          )
          .catch((error: unknown) => {
            throw error instanceof ProviderError && spoken ? error.after(true) : error;
          });
        usage.inputTokens += reply.usage?.inputTokens ?? 0;
        usage.outputTokens += reply.usage?.outputTokens ?? 0;
        unmetered ||= reply.usage === undefined;
        if (reply.toolCalls.length === 0 || (lastRound && reply.text !== ''))
          return { text: reply.text, model, toolCalls, usage, ...(unmetered ? { unmetered } : {}) };
        if (lastRound) break;
        messages.push(toMessage(reply));
        for (const call of reply.toolCalls) {
          signal.throwIfAborted();
          const { outcome, output } = await callTool(toolbox, call, toolCalls.length);
          toolCalls.push({ name: call.name.slice(0, 64), outcome });
          messages.push({ role: 'tool', tool_call_id: call.id, content: output });
        }
      }
      throw new ProviderError('invalid', new Error('the model has called tools and given no answer'), { spoken });
    },
  };
}

/** One call of the model, in the trace and in the metrics. */
function measured(
  metrics: Metrics,
  model: string,
  prices: Prices | undefined,
  call: () => Promise<ModelReply>,
): Promise<ModelReply> {
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': model,
  };
  return withSpan({ name: `chat ${model}`, kind: 'client', attributes }, async (span) => {
    const started = performance.now();
    const seconds = () => (performance.now() - started) / 1000;
    try {
      const { usage, secondsToFirstChunk, secondsPerChunk, ...reply } = await call();
      span.set({
        'gen_ai.response.model': reply.model,
        'gen_ai.usage.input_tokens': usage?.inputTokens,
        'gen_ai.usage.output_tokens': usage?.outputTokens,
      });
      const cost = usage === undefined ? undefined : costOf({ usage }, prices);
      metrics.providerCalled({
        seconds: seconds(),
        ...(usage === undefined ? {} : { usage }),
        ...(cost === undefined ? {} : { cost }),
        ...(secondsToFirstChunk === undefined ? {} : { secondsToFirstChunk }),
        ...(secondsPerChunk === undefined ? {} : { secondsPerChunk }),
      });
      return { ...reply, usage, secondsToFirstChunk, secondsPerChunk };
    } catch (error) {
      metrics.providerCalled({
        seconds: seconds(),
        errorType: errorTypeOf(error),
      });
      throw error;
    }
  });
}

/** The deadline of the whole answer arrives as the reason of a signal, and so does a client that leaves. */
function errorTypeOf(error: unknown): string {
  if (error instanceof ProviderError) return error.reason;
  return error instanceof DOMException && error.name === 'TimeoutError' ? 'timeout' : 'aborted';
}

function toMessage({ text, toolCalls }: ModelReply): ChatCompletionMessageParam {
  return {
    role: 'assistant',
    content: text === '' ? null : text,
    tool_calls: toolCalls.map(({ id, name, arguments: input }) => ({
      id,
      type: 'function',
      function: { name, arguments: input },
    })),
  };
}

/** A model that asks for too much is told so, and can still answer with what it has. */
async function callTool(toolbox: Toolbox, call: ModelReply['toolCalls'][number], before: number): Promise<ToolResult> {
  if (before >= MAX_TOOL_CALLS) return { outcome: 'error', output: 'No more tools may be called; answer now.' };
  return toolbox.call(call.name, parse(call.arguments));
}

function describe(toolbox: Toolbox): ChatCompletionTool[] {
  return toolbox.tools.map(({ name, description, parameters }) => ({
    type: 'function',
    function: { name, description, parameters: { ...parameters } },
  }));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
