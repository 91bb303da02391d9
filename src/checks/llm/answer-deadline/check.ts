import { defineCheck } from '../../../core/check.ts';

export const llmAnswerDeadlineCheck = defineCheck({
  id: 'llm/answer-deadline',
  title: 'An answer ends within its deadline',
  severity: 'warning',
  why: 'A provider can be slow for minutes, and its client waits for ten of them by default. Without a deadline of its own the service collects open requests until it has no room for others.',
  how: 'The question of --ask must be answered, or refused, within longestAnswerSeconds of the configuration. A deadline shows itself only when it is met, by 504, 503 or 408 in that time: an answer that came by itself says nothing of it, and is unknown without holding a run up.',
  fix: 'Bound the whole answer, and not only the time to its first byte, by one deadline from the request to the provider, and answer 504 when it is over.',
  verify: 'Let the provider hang in a test environment and time the answer: curl -w "%{time_total} %{http_code}\\n".',
  references: [
    'https://sre.google/sre-book/addressing-cascading-failures/#latency-and-deadlines',
    'https://github.com/openai/openai-node#timeouts',
  ],
  only: ['endpoint'],
  needs: ['questionRun'],
  evaluate: ({ questionRun: { streamed } }, { longestAnswerSeconds }) => {
    const { status, end, endedMs, request } = streamed;
    const about = { subject: 'deadline of an answer', where: { request } };
    const told = `${(endedMs / 1000).toFixed(1)} s`;
    const observed = `status ${status} after ${told}`;
    const expected = `an end within ${longestAnswerSeconds} s`;
    if (end === 'too-slow' || endedMs > longestAnswerSeconds * 1000)
      return [
        {
          ...about,
          outcome: 'fail',
          message: `The answer had not ended after ${longestAnswerSeconds} s: no deadline holds it.`,
          observed,
          expected,
        },
      ];
    if ([408, 503, 504].includes(status))
      return [
        { ...about, outcome: 'pass', message: `The service gave up after ${told} and said so.`, observed, expected },
      ];
    return [
      {
        ...about,
        outcome: 'unknown',
        severity: 'note',
        message: `The answer ended by itself after ${told}, so that no deadline was seen.`,
      },
    ];
  },
});
