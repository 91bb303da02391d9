import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, until } from '../../../scripts/wait.ts';
import { createMetrics, type Metrics } from '../../../service/telemetry/metrics.ts';
import { seriesOf, startTestPostgres, startTestService, type TestPostgres } from '../harness.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

function metricsOfModel(): Metrics {
  return createMetrics({
    provider: 'openai',
    model: 'm',
    tools: ['clock'],
    pool: () => ({ total: 3, idle: 1, waiting: 2, max: 4 }),
  });
}

/** What stands on the page for each series, before and after. */
async function changes(
  metrics: Metrics,
  act: () => void,
  series: readonly string[],
): Promise<readonly (number | undefined)[]> {
  const before = (await metrics.page()).body;
  act();
  const after = (await metrics.page()).body;
  return series.map((name) => (seriesOf(after, name) ?? Number.NaN) - (seriesOf(before, name) ?? Number.NaN));
}

describe('the metrics of a running service', () => {
  it('tell the wait for connections, tokens and the whole of a question', async () => {
    const service = await startTestService({ databaseUrl: await postgres.createDatabase(), databasePoolSize: 1 });
    await until('it is ready', async () => (await service.get('/health/ready')).ok);
    const page = async () => (await service.get('/metrics')).text();
    const before = await page();
    expect((await service.ask('How do I restore a backup?')).status).toBe(200);
    const after = await page();
    const moved = (series: string) =>
      (seriesOf(after, series) ?? Number.NaN) - (seriesOf(before, series) ?? Number.NaN);
    // One query finds the documents, one keeps the answer.
    expect(moved('db_pool_acquire_duration_seconds_count')).toBe(2);
    expect(moved('db_pool_acquire_failures_total')).toBe(0);
    expect(seriesOf(after, 'db_pool_connections_max')).toBe(1);
    const offline = 'gen_ai_operation_name="chat",gen_ai_provider_name="offline",gen_ai_request_model="extractive"';
    expect(moved(`gen_ai_client_token_usage_count{${offline},gen_ai_token_type="input"}`)).toBe(1);
    expect(moved('gen_ai_tokens_total{gen_ai_token_type="input"}')).toBe(
      moved(`gen_ai_client_token_usage_sum{${offline},gen_ai_token_type="input"}`),
    );
    const agent = 'gen_ai_agent_name="qna",gen_ai_request_model="extractive",error_type=""';
    expect(moved(`gen_ai_invoke_agent_duration_seconds_count{${agent}}`)).toBe(1);
    expect(moved('gen_ai_execute_tool_duration_seconds_count{gen_ai_tool_name="search_documents",error_type=""}')).toBe(
      1,
    );
    expect(seriesOf(after, 'nodejs_eventloop_utilization_ratio')).toBeGreaterThan(0);
    expect(seriesOf(after, 'nodejs_eventloop_utilization_ratio')).toBeLessThanOrEqual(1);
  });

  it('tell work that got no connection', async () => {
    const service = await startTestService({ databaseUrl: `postgres://qna@127.0.0.1:${await freePort()}/qna` });
    await service.ask('How do I restore a backup?');
    const page = await (await service.get('/metrics')).text();
    expect(seriesOf(page, 'db_pool_acquire_failures_total')).toBeGreaterThan(0);
  });
});

describe('what an engineer calls', () => {
  const asked = 'gen_ai_operation_name="chat",gen_ai_provider_name="openai",gen_ai_request_model="m"';

  it('counts a call of the model with its pieces, tokens and cost', async () => {
    const metrics = metricsOfModel();
    const series = [
      `gen_ai_client_operation_duration_seconds_sum{${asked},error_type=""}`,
      `gen_ai_client_operation_time_to_first_chunk_seconds_sum{${asked}}`,
      `gen_ai_client_operation_time_per_output_chunk_seconds_sum{${asked}}`,
      'gen_ai_tokens_total{gen_ai_token_type="output"}',
      'qna_provider_cost_dollars_total{gen_ai_provider_name="openai",gen_ai_request_model="m"}',
    ];
    const call = {
      seconds: 2,
      secondsToFirstChunk: 0.5,
      secondsPerChunk: 0.25,
      usage: { inputTokens: 10, outputTokens: 7 },
      cost: 0.125,
    };
    expect(await changes(metrics, () => metrics.providerCalled(call), series)).toEqual([2, 0.5, 0.25, 7, 0.125]);
  });

  it('folds the name of a tool that nobody knows, since a model may ask for any', async () => {
    const metrics = metricsOfModel();
    const lines = async () =>
      (await metrics.page()).body.split('\n').filter((line) => line.includes('gen_ai_tool_calls_total{'));
    const before = (await lines()).length;
    for (let n = 0; n < 100; n += 1)
      metrics.toolCalled({ name: `made_up_${n}`, seconds: 0, errorType: 'unknown_tool' });
    expect((await lines()).length).toBe(before);
    expect(
      seriesOf((await lines()).join('\n'), 'gen_ai_tool_calls_total{gen_ai_tool_name="_OTHER",outcome="error"}'),
    ).toBe(100);
  });

  it('shows one state of the breaker at a time, its changes, retries, the load before the provider and what was refused', async () => {
    const metrics = metricsOfModel();
    const series = [
      'qna_provider_breaker_state{state="closed"}',
      'qna_provider_breaker_state{state="open"}',
      'qna_provider_breaker_transitions_total{state="open"}',
      'qna_provider_retries_total',
      'qna_provider_calls{state="running"}',
      'qna_provider_calls{state="waiting"}',
      'http_requests_shed_total{reason="overload"}',
    ];
    const act = () => {
      metrics.breakerMoved('open');
      metrics.providerRetried();
      metrics.providerLoad({ running: 8, waiting: 3 });
      metrics.requestShed('overload');
    };
    expect(await changes(metrics, act, series)).toEqual([-1, 1, 1, 1, 8, 3, 1]);
  });
});
