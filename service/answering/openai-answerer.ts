import OpenAI from 'openai';
import type { ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources/chat/completions';
import { currentRequest } from '../http/request-context.ts';
import type { ProviderSettings } from '../settings.ts';
import { withSpan } from '../telemetry/with-span.ts';
import { type Answer, type Answerer, ProviderError, type Toolbox } from './answerer.ts';

/** A model that still wants tools after this many rounds is going in circles. */
const MAX_ROUNDS = 6;
const MAX_TOOL_CALLS = 12;

const INSTRUCTIONS =
  'You answer questions about this service. Search its documents before you answer, name the document that you rely on, and say so when they do not tell.';

/** Answers with a model behind an OpenAI-compatible API. */
export function createOpenAiAnswerer({ apiKey, baseUrl, model }: ProviderSettings): Answerer {
  // The library would retry by itself, outside of our deadline and for as long as the provider asks.
  const client = new OpenAI({
    apiKey,
    maxRetries: 0,
    logLevel: 'off',
    ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
  });
  return {
    provider: 'openai',
    model,
    async answer(question, toolbox, signal, { history = [] } = {}): Promise<Answer> {
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
      for (let round = 0; round < MAX_ROUNDS; round += 1) {
        const lastRound = round === MAX_ROUNDS - 1 || toolCalls.length >= MAX_TOOL_CALLS;
        const completion = await withSpan(
          {
            name: `chat ${model}`,
            kind: 'client',
            attributes: {
              'gen_ai.operation.name': 'chat',
              'gen_ai.provider.name': 'openai',
              'gen_ai.request.model': model,
            },
          },
          async (span) => {
            const answered = await complete(client, model, messages, lastRound ? [] : describe(toolbox), signal);
            span.set({
              'gen_ai.response.model': answered.model,
              'gen_ai.usage.input_tokens': answered.usage?.prompt_tokens,
              'gen_ai.usage.output_tokens': answered.usage?.completion_tokens,
            });
            return answered;
          },
        );
        usage.inputTokens += completion.usage?.prompt_tokens ?? 0;
        usage.outputTokens += completion.usage?.completion_tokens ?? 0;
        const message = completion.choices[0]?.message;
        const calls = (message?.tool_calls ?? []).filter((call) => call.type === 'function');
        if (message === undefined) throw new ProviderError('invalid', undefined);
        if (calls.length === 0 || lastRound) return { text: message.content ?? '', model, toolCalls, usage };
        messages.push(message);
        for (const call of calls.slice(0, MAX_TOOL_CALLS)) {
          signal.throwIfAborted();
          const { outcome, output } = await toolbox.call(call.function.name, parse(call.function.arguments));
          toolCalls.push({ name: call.function.name.slice(0, 64), outcome });
          messages.push({ role: 'tool', tool_call_id: call.id, content: output });
        }
      }
      throw new ProviderError('invalid', undefined);
    },
  };
}

async function complete(
  client: OpenAI,
  model: string,
  messages: ChatCompletionMessageParam[],
  tools: ChatCompletionTool[],
  signal: AbortSignal,
) {
  try {
    const traceparent = currentRequest()?.traceparent;
    return await client.chat.completions.create(
      { model, messages, ...(tools.length === 0 ? {} : { tools }) },
      { signal, ...(traceparent === undefined ? {} : { headers: { traceparent } }) },
    );
  } catch (error) {
    signal.throwIfAborted();
    throw new ProviderError(reasonOf(error), error);
  }
}

function reasonOf(error: unknown): ProviderError['reason'] {
  if (error instanceof OpenAI.APIConnectionTimeoutError) return 'timeout';
  if (error instanceof OpenAI.RateLimitError) return 'rate_limited';
  if (error instanceof OpenAI.AuthenticationError || error instanceof OpenAI.PermissionDeniedError) return 'refused';
  if (error instanceof OpenAI.APIError && error.status !== undefined && error.status < 500) return 'invalid';
  return 'unavailable';
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
