import type { Registry } from './prometheus.ts';

/** One call of the provider's model. */
export interface ProviderCall {
  readonly seconds: number;
  /** Of few kinds; absent where the call went well. */
  readonly errorType?: string;
  readonly usage?: { readonly inputTokens: number; readonly outputTokens: number };
  /** In US dollars. */
  readonly cost?: number;
  /** For answers that came in pieces. */
  readonly secondsToFirstChunk?: number;
  /** The mean over the pieces after the first. */
  readonly secondsPerChunk?: number;
}

export interface ToolCall {
  readonly name: string;
  readonly seconds: number;
  /** Of few kinds; absent where the call went well. */
  readonly errorType?: string;
}

/** One question, from the first thought to the last word: any number of calls of the model and of tools. */
export interface AgentRun {
  readonly seconds: number;
  readonly errorType?: string;
}

export interface ProviderMetrics {
  providerCalled(call: ProviderCall): void;
  toolCalled(call: ToolCall): void;
  questionAnswered(run: AgentRun): void;
}

export interface ProviderNames {
  readonly provider: string;
  readonly model: string;
  readonly tools: readonly string[];
}

/** OpenTelemetry's advice for calls of models and of tools. */
const CALL_BUCKETS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
/** Its advice for agents. */
const AGENT_BUCKETS = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 102.4, 204.8, 409.6];
/** Its advice for tokens: the powers of four. */
const TOKEN_BUCKETS = Array.from({ length: 14 }, (_, power) => 4 ** power);

/** A model may ask for any tool, so a name that nobody knows becomes this one. */
const OTHER = '_OTHER';
const AGENT = 'qna';

export function createProviderMetrics(registry: Registry, { provider, model, tools }: ProviderNames): ProviderMetrics {
  const asked = { gen_ai_operation_name: 'chat', gen_ai_provider_name: provider, gen_ai_request_model: model };
  const labels = ['gen_ai_operation_name', 'gen_ai_provider_name', 'gen_ai_request_model'] as const;
  const duration = registry.histogram({
    name: 'gen_ai_client_operation_duration_seconds',
    help: 'Time that a call of the model takes.',
    labels: [...labels, 'error_type'],
    buckets: CALL_BUCKETS,
  });
  const firstChunk = registry.histogram({
    name: 'gen_ai_client_operation_time_to_first_chunk_seconds',
    help: 'Time to the first piece of an answer that the model gives in pieces.',
    labels,
    buckets: CALL_BUCKETS,
  });
  const perChunk = registry.histogram({
    name: 'gen_ai_client_operation_time_per_output_chunk_seconds',
    help: 'Mean time between the pieces of an answer that the model gives in pieces.',
    labels,
    buckets: CALL_BUCKETS,
  });
  const usage = registry.histogram({
    name: 'gen_ai_client_token_usage',
    help: 'Tokens that one call of the model was given and gave.',
    labels: [...labels, 'gen_ai_token_type'],
    buckets: TOKEN_BUCKETS,
  });
  const tokens = registry.counter({
    name: 'gen_ai_tokens_total',
    help: 'Tokens that the model was given and gave.',
    labels: ['gen_ai_token_type'],
  });
  const cost = registry.counter({
    name: 'qna_provider_cost_dollars_total',
    help: 'What the calls of the model cost, by the prices in the settings.',
    labels: ['gen_ai_provider_name', 'gen_ai_request_model'],
  });
  const agent = registry.histogram({
    name: 'gen_ai_invoke_agent_duration_seconds',
    help: 'Time that a question takes, with all its calls of the model and of tools.',
    labels: ['gen_ai_agent_name', 'gen_ai_request_model', 'error_type'],
    buckets: AGENT_BUCKETS,
  });
  const toolCalls = registry.counter({
    name: 'gen_ai_tool_calls_total',
    help: 'Tools that were called while answering.',
    labels: ['gen_ai_tool_name', 'outcome'],
  });
  const toolDuration = registry.histogram({
    name: 'gen_ai_execute_tool_duration_seconds',
    help: 'Time that a tool takes.',
    labels: ['gen_ai_tool_name', 'error_type'],
    buckets: CALL_BUCKETS,
  });
  beginAtZero();
  return {
    providerCalled({ seconds, errorType = '', usage: used, cost: dollars, secondsToFirstChunk, secondsPerChunk }) {
      duration.observe({ ...asked, error_type: errorType }, seconds);
      if (secondsToFirstChunk !== undefined) firstChunk.observe(asked, secondsToFirstChunk);
      if (secondsPerChunk !== undefined) perChunk.observe(asked, secondsPerChunk);
      if (dollars !== undefined) cost.add({ gen_ai_provider_name: provider, gen_ai_request_model: model }, dollars);
      if (used === undefined) return;
      for (const [gen_ai_token_type, count] of [
        ['input', used.inputTokens],
        ['output', used.outputTokens],
      ] as const) {
        usage.observe({ ...asked, gen_ai_token_type }, count);
        tokens.add({ gen_ai_token_type }, count);
      }
    },
    toolCalled({ name, seconds, errorType = '' }) {
      const gen_ai_tool_name = tools.includes(name) ? name : OTHER;
      toolCalls.add({ gen_ai_tool_name, outcome: errorType === '' ? 'ok' : 'error' });
      toolDuration.observe({ gen_ai_tool_name, error_type: errorType }, seconds);
    },
    questionAnswered: ({ seconds, errorType = '' }) =>
      agent.observe({ gen_ai_agent_name: AGENT, gen_ai_request_model: model, error_type: errorType }, seconds),
  };

  function beginAtZero(): void {
    duration.zero({ ...asked, error_type: '' });
    firstChunk.zero(asked);
    perChunk.zero(asked);
    for (const gen_ai_token_type of ['input', 'output']) {
      usage.zero({ ...asked, gen_ai_token_type });
      tokens.add({ gen_ai_token_type }, 0);
    }
    cost.add({ gen_ai_provider_name: provider, gen_ai_request_model: model }, 0);
    agent.zero({ gen_ai_agent_name: AGENT, gen_ai_request_model: model, error_type: '' });
    for (const gen_ai_tool_name of [...tools, OTHER]) {
      toolDuration.zero({ gen_ai_tool_name, error_type: '' });
      for (const outcome of ['ok', 'error']) toolCalls.add({ gen_ai_tool_name, outcome }, 0);
    }
  }
}
