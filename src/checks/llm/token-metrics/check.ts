import { defineCheck } from '../../../core/check.ts';
import { tokensCounted } from '../../../prometheus/token-families.ts';
import { callsCounted, pagesOf } from '../question-pages.ts';

export const llmTokenMetricsCheck = defineCheck({
  id: 'llm/token-metrics',
  title: 'Tokens are counted as they are used',
  severity: 'warning',
  why: 'Tokens are what a provider charges. Where the service does not count them, the first to notice a loop or a prompt that grew is the bill.',
  how: 'The page of metrics is scraped before and after the question of --ask. A metric of tokens must be there under one of the known names, gen_ai_client_token_usage first among them, and must rise where a call to the model was counted.',
  fix: 'Record the usage that the provider tells with every answer, streamed ones included (stream_options.include_usage), under gen_ai_client_token_usage.',
  verify: 'Run curl -s http://HOST/metrics | grep -i token before and after a question.',
  references: [
    'https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/',
    'https://platform.openai.com/docs/api-reference/chat/create',
  ],
  only: ['endpoint'],
  needs: ['questionRun'],
  evaluate: ({ questionRun: { streamed, metrics } }, settings) => {
    const about = {
      subject: 'metric of tokens',
      where: { request: metrics?.after.request ?? streamed.request },
      expected: 'a count of tokens that rises with a question',
    };
    if (metrics === undefined)
      return [{ ...about, outcome: 'unknown', message: 'The page of metrics could not be read before and after.' }];
    const [before, after] = pagesOf([metrics.before, metrics.after], settings) ?? [];
    if (before === undefined || after === undefined)
      return [
        {
          ...about,
          outcome: 'unknown',
          message: 'The two scrapes were no pages of metrics of one process. Ask one replica directly.',
        },
      ];
    const tokens = tokensCounted(after);
    if (tokens === undefined)
      return [
        {
          ...about,
          outcome: 'fail',
          message: 'No metric that is known tells how many tokens were used.',
          observed: `${after.families.length} families, none of them`,
        },
      ];
    const rise = tokens - (tokensCounted(before) ?? 0);
    const calls = callsCounted(after);
    const callRise = calls === undefined ? undefined : calls - (callsCounted(before) ?? 0);
    const observed = `${rise} tokens, ${callRise ?? 'an unknown number of'} calls to the model`;
    if (rise > 0) return [{ ...about, outcome: 'pass', message: 'The tokens of the question were counted.', observed }];
    if (callRise === 0 || streamed.status >= 400)
      return [
        {
          ...about,
          outcome: 'not-applicable',
          message: 'The question was answered without a call to a model that succeeded.',
          observed,
        },
      ];
    return [{ ...about, outcome: 'fail', message: 'The question moved no count of tokens.', observed }];
  },
});
