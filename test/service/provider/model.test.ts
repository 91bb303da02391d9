import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../scripts/wait.ts';
import { seriesOf, startTestPostgres, startTestService, type TestPostgres } from '../harness.ts';

const KEY = 'sk-test-c4nary-provider-key';

let postgres: TestPostgres;
let provider: LLMock;
beforeAll(async () => {
  postgres = await startTestPostgres();
  provider = new LLMock({ port: 0 });
  await provider.start();
});
afterAll(async () => {
  await provider.stop();
  await postgres.stop();
});

async function readyService(answerDeadlineMs = 5_000) {
  const service = await startTestService({
    databaseUrl: await postgres.createDatabase(),
    answerDeadlineMs,
    provider: { apiKey: KEY, baseUrl: `${provider.url}/v1`, model: 'test-model' },
  });
  await until('it is ready', async () => (await service.get('/health/ready')).ok);
  return service;
}

const series = (errorType: string) =>
  `gen_ai_client_operation_duration_seconds_count{gen_ai_operation_name="chat",gen_ai_provider_name="openai",gen_ai_request_model="test-model",error_type="${errorType}"}`;

describe('a provider behind an OpenAI-compatible API', () => {
  it('is asked, may call tools, and each call is counted', async () => {
    provider.on(
      { userMessage: 'backup', hasToolResult: false },
      { toolCalls: [{ name: 'search_documents', arguments: '{"query":"backup"}' }] },
    );
    provider.on({ userMessage: 'backup', hasToolResult: true }, { content: 'Use pg_restore. [Backups]' });
    const service = await readyService();
    const answer = (await (await service.ask('What of the backup?')).json()) as { answer: string; toolCalls: unknown };
    expect(answer).toMatchObject({
      answer: 'Use pg_restore. [Backups]',
      toolCalls: [{ name: 'search_documents', outcome: 'ok' }],
    });
    const page = await (await service.get('/metrics')).text();
    expect(seriesOf(page, series(''))).toBe(2);
    // What a question can cost is bounded in every call.
    for (const { body } of provider.getRequests()) expect(body).toMatchObject({ max_completion_tokens: 2_048 });
    expect(seriesOf(page, 'gen_ai_tool_calls_total{gen_ai_tool_name="search_documents",outcome="ok"}')).toBe(1);
  });

  it('is not waited for longer than the deadline', async () => {
    provider.on({ userMessage: 'slowly' }, { content: 'at last' }, { chaos: { latencyMs: 5_000 } });
    const service = await readyService(300);
    const started = performance.now();
    expect((await service.ask('Answer slowly')).status).toBe(504);
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(seriesOf(await (await service.get('/metrics')).text(), series('timeout'))).toBe(1);
  });

  it.each([
    ['drops a call', 'unavailable', 'drop', { chaos: { dropRate: 1 } }],
    ['sends what is no JSON', 'invalid', 'garble', { chaos: { malformedRate: 1 } }],
    ['limits the rate', 'rate_limited', 'limit', { chaos: { rateLimitRate: 1 } }],
    ['hangs up', 'unavailable', 'hang up', { chaos: { disconnectRate: 1 } }],
    ['ends the stream after the role', 'unavailable', 'truncate', { truncateAfterChunks: 1, chunkSize: 4 }],
  ])('%s, and the documents answer', async (_, reason, word, options) => {
    provider.on({ userMessage: word }, { content: 'Never seen as a whole.' }, options);
    const service = await readyService();
    const response = await service.ask(`Where do secrets live when they ${word}?`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ degraded: true, offline: true });
    const page = await (await service.get('/metrics')).text();
    expect(seriesOf(page, `qna_degraded_answers_total{reason="${reason}"}`)).toBe(1);
    expect(seriesOf(page, series(reason))).toBeGreaterThan(0);
  });

  it('takes no replica out when it fails: answers come from the documents, and readiness stays with a warning', async () => {
    provider.on(
      { userMessage: 'fail' },
      { error: { message: `Incorrect API key provided: ${KEY}`, type: 'server_error' }, status: 500 },
    );
    const service = await readyService();
    for (let n = 0; n < 3; n += 1) {
      const response = await service.ask('Where do secrets live, and how do they fail?');
      expect(response.status).toBe(200);
      const text = await response.text();
      expect(JSON.parse(text)).toMatchObject({ degraded: true, offline: true });
      expect(text).not.toContain(KEY);
    }
    const ready = await service.get('/health/ready');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ status: 'warn' });
    expect(service.lines.join('\n')).not.toContain(KEY);
  });
});
