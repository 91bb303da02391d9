import { describe, expect, it } from 'vitest';
import { parseExposition } from '../../src/prometheus/parse-exposition.ts';
import { tokensCounted } from '../../src/prometheus/token-families.ts';

describe('tokens', () => {
  it.each([
    [
      'a histogram of OpenTelemetry',
      '# TYPE gen_ai_client_token_usage histogram\ngen_ai_client_token_usage_bucket{le="+Inf"} 2\ngen_ai_client_token_usage_sum 70\ngen_ai_client_token_usage_count 2\n',
      70,
    ],
    [
      'the same with its unit',
      '# TYPE gen_ai_client_token_usage_tokens summary\ngen_ai_client_token_usage_tokens_sum 70\ngen_ai_client_token_usage_tokens_count 2\n',
      70,
    ],
    [
      'the counter of Spring AI',
      '# TYPE gen_ai_client_token_usage_total counter\ngen_ai_client_token_usage_total{type="input"} 30\ngen_ai_client_token_usage_total{type="output"} 5\n',
      35,
    ],
    ['a counter behind a prefix', '# TYPE shop_llm_tokens_total counter\nshop_llm_tokens_total 7\n', 7],
    ['a counter without a type', 'llm_tokens_total 7\n', 7],
    ['LiteLLM', '# TYPE litellm_total_tokens_metric_total counter\nlitellm_total_tokens_metric_total 9\n', 9],
    ['a limit, which is no count', '# TYPE llm_tokens gauge\nllm_tokens 4096\n', undefined],
    ['something else of a model', '# TYPE llm_calls_total counter\nllm_calls_total 3\n', undefined],
    ['tokens of a login', '# TYPE auth_tokens_total counter\nauth_tokens_total 3\n', undefined],
  ])('are found in %s', (_, page, count) => expect(tokensCounted(parseExposition(page, 'text'))).toBe(count));
});
