import { LLMock } from '@copilotkit/aimock';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../scripts/wait.ts';
import { createToolboxes, type ToolCaps } from '../../../service/answering/toolbox.ts';
import { createTools, TOOL_NAMES, type Tool } from '../../../service/answering/tools.ts';
import { createPool, endPools } from '../../../service/database/pools.ts';
import { createLogger } from '../../../service/telemetry/logging.ts';
import { createMetrics } from '../../../service/telemetry/metrics.ts';
import { createScrub } from '../../../service/telemetry/scrub.ts';
import { seriesOf, startTestPostgres, startTestService, type TestPostgres } from '../harness.ts';

let postgres: TestPostgres;
let provider: LLMock;
let pool: pg.Pool;
beforeAll(async () => {
  postgres = await startTestPostgres();
  provider = new LLMock({ port: 0 });
  await provider.start();
  pool = createPool(await postgres.createDatabase(), 2, createLogger({ level: 'fatal', scrub: createScrub([]) }));
});
afterAll(async () => {
  await endPools([pool]);
  await provider.stop();
  await postgres.stop();
});

function toolboxOf(tools: readonly Tool[], caps?: Partial<ToolCaps>) {
  const logger = createLogger({ level: 'fatal', scrub: createScrub([]) });
  const metrics = createMetrics({
    provider: 'test',
    model: 'm',
    tools: TOOL_NAMES,
    pool: () => ({ total: 0, idle: 0, waiting: 0, max: 1 }),
  });
  const open = createToolboxes(tools, metrics, logger, { calls: 3, timeoutMs: 1_000, outputCharacters: 100, ...caps });
  return { open, page: async () => (await metrics.page()).body };
}

function toolOf(run: Tool['run']): Tool {
  return { name: 'calculate', description: '', parameters: {}, run };
}

describe('the tools', () => {
  const tools = () => createTools(pool, () => new Date('2026-03-01T12:00:00Z'));

  it('are those whose names are measured', () => {
    expect(tools().map(({ name }) => name)).toEqual([...TOOL_NAMES]);
  });

  it.each([
    ['calculate', { expression: '6 * 7' }, 'ok', /^42$/],
    ['calculate', { expression: '6 *' }, 'error', /ends too early/],
    ['calculate', {}, 'error', /"expression" must be/],
    ['current_time', {}, 'ok', /^2026-03-01T12:00:00\.000Z$/],
    ['current_time', { timeZone: 'Asia/Tokyo' }, 'ok', /Sunday.* 1 March 2026.* 21:00:00/],
    ['current_time', { timeZone: 'Moon/Base' }, 'error', /IANA/],
    ['search_documents', { query: 'a\0b' }, 'error', /"query" must be/],
    ['search_documents', 'no object', 'error', /"query" must be/],
    ['format_disk', {}, 'error', /There is no tool format_disk/],
  ])('answer %s with %j by %s', async (name, input, outcome, output) => {
    const result = await toolboxOf(tools()).open().call(name, input);
    expect(result.outcome).toBe(outcome);
    expect(result.output).toMatch(output);
  });

  it('fail by a sentence, and not by what went wrong inside', async () => {
    const failing = toolOf(async () => {
      throw new Error('the password is hunter2');
    });
    const { open, page } = toolboxOf([failing]);
    expect(await open().call('calculate', {})).toEqual({ outcome: 'error', output: 'The tool failed.' });
    expect(seriesOf(await page(), 'gen_ai_tool_calls_total{gen_ai_tool_name="calculate",outcome="error"}')).toBe(1);
  });

  it('are not waited for longer than the cap', async () => {
    const { open, page } = toolboxOf([toolOf(() => new Promise(() => {}))], { timeoutMs: 50 });
    expect((await open().call('calculate', {})).outcome).toBe('error');
    const series = 'gen_ai_execute_tool_duration_seconds_count{gen_ai_tool_name="calculate",error_type="timeout"}';
    expect(seriesOf(await page(), series)).toBe(1);
  });

  it('have their output cut at the cap', async () => {
    const { open } = toolboxOf([toolOf(async () => ({ output: 'x'.repeat(1_000) }))]);
    const { output } = await open().call('calculate', {});
    expect(output).toMatch(/^x{100}… \(the rest was cut off\)$/);
  });

  it('are called no more often than the cap for one question, and anew for the next', async () => {
    let runs = 0;
    const { open } = toolboxOf([toolOf(async () => ({ output: String(++runs) }))]);
    const toolbox = open();
    const outcomes: string[] = [];
    for (let n = 0; n < 5; n += 1) outcomes.push((await toolbox.call('calculate', {})).outcome);
    expect(outcomes).toEqual(['ok', 'ok', 'ok', 'error', 'error']);
    expect(runs).toBe(3);
    expect((await open().call('calculate', {})).outcome).toBe('ok');
  });
});

describe('tokens and cost', () => {
  const settings = { apiKey: 'k', model: 'test-model' };

  async function askedOnce(prices: { inputPerMillion: number; outputPerMillion: number } | undefined) {
    provider.on(
      { userMessage: 'How much' },
      { content: 'A little.', usage: { prompt_tokens: 1_000, completion_tokens: 50 } },
    );
    const service = await startTestService({
      databaseUrl: await postgres.createDatabase(),
      provider: { ...settings, baseUrl: `${provider.url}/v1` },
      prices,
    });
    await until('it is ready', async () => (await service.get('/health/ready')).ok);
    const answer = (await (await service.ask('How much is it?')).json()) as {
      id: string;
      usage: { inputTokens: number; outputTokens: number };
      costUsd: number | null;
    };
    const kept = (await (await service.get(`/v1/answers/${answer.id}`)).json()) as typeof answer;
    return { answer, kept, page: await (await service.get('/metrics')).text() };
  }

  it('are told with the answer, kept with it, and counted', async () => {
    const { answer, kept, page } = await askedOnce({ inputPerMillion: 0.4, outputPerMillion: 1.6 });
    const { inputTokens, outputTokens } = answer.usage;
    expect(answer.usage).toEqual({ inputTokens: 1_000, outputTokens: 50 });
    expect(answer.costUsd).toBeCloseTo((inputTokens * 0.4 + outputTokens * 1.6) / 1e6, 9);
    expect(kept).toMatchObject({ usage: answer.usage, costUsd: answer.costUsd });
    const series = 'qna_provider_cost_dollars_total{gen_ai_provider_name="openai",gen_ai_request_model="test-model"}';
    expect(seriesOf(page, series)).toBeCloseTo(answer.costUsd ?? 0, 9);
  });

  it('leave the cost open where nobody told the prices', async () => {
    const { answer, kept } = await askedOnce(undefined);
    expect([answer.costUsd, kept.costUsd]).toEqual([null, null]);
  });

  it('are nothing for an answer without a model', async () => {
    const service = await startTestService({ databaseUrl: await postgres.createDatabase() });
    await until('it is ready', async () => (await service.get('/health/ready')).ok);
    expect(await (await service.ask('How do I restore a backup?')).json()).toMatchObject({ costUsd: 0, offline: true });
  });
});
