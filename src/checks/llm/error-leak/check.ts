import { defineCheck, type Verdict } from '../../../core/check.ts';
import { leaksIn } from '../../health/leak/leaks.ts';

/** How providers and their clients word a failure; nobody else does. */
const PROVIDER_WORDS: readonly (readonly [kind: string, form: RegExp])[] = [
  [
    'the address of a provider',
    /\b(?:api\.openai\.com|api\.anthropic\.com|[\w-]+\.openai\.azure\.com|generativelanguage\.googleapis\.com|api\.mistral\.ai|openrouter\.ai|bedrock-runtime\.[\w-]+)\b/i,
  ],
  [
    'the words of a provider about its account',
    /(?:incorrect api key provided|exceeded your current quota|invalid x-api-key|billing (?:details|hard limit)|rate limit reached for|your credit balance is too low)/i,
  ],
  [
    'an error class of a client library',
    /\b(?:openai|anthropic|litellm|langchain|httpx|aiohttp)\.[\w.]*(?:Error|Exception)\b|\b(?:APIConnectionError|APITimeoutError|AuthenticationError|RateLimitError|BadRequestError|InternalServerError)\b/,
  ],
  ['an id of a request at the provider', /\breq_[0-9a-zA-Z]{16,}\b|\brequest id:? [0-9a-f-]{32,}/i],
  ['an organisation at the provider', /\borg-[0-9A-Za-z]{16,}\b/],
];

export const llmErrorLeakCheck = defineCheck({
  id: 'llm/error-leak',
  title: 'An error of the provider stays inside',
  severity: 'error',
  why: "Providers put parts of keys, the name of the organisation, its limits and its bill into their errors. A service that passes them on tells every caller about its account, and makes the provider's wording a part of its own interface.",
  how: 'The error answers to the question of --ask, and an error inside its stream, are searched for what only a provider or its client library writes, beside all that health/leak looks for; an answer that succeeds, for secrets alone. Where the question failed in no way, no error of a provider was seen, which is unknown without holding a run up.',
  fix: 'Map every error of the provider to a code of your own with a request id, and write the reason to the log.',
  verify: 'Give the service a wrong key in a test environment, ask a question and read the answer as a stranger.',
  references: [
    'https://owasp.org/www-project-top-10-for-large-language-model-applications/',
    'https://cheatsheetseries.owasp.org/cheatsheets/Error_Handling_Cheat_Sheet.html',
  ],
  only: ['endpoint'],
  needs: ['questionRun', 'errorAnswers'],
  evaluate: ({ questionRun: { streamed }, errorAnswers }) => {
    const failed = [
      ...errorAnswers.filter(({ request, status }) => request === streamed.request && status >= 400),
      ...(streamed.status >= 400 || /^event:\s*error/m.test(streamed.body) ? [streamed] : []),
    ];
    const subject = 'error answers to the question';
    // An answer may speak of paths and addresses; the value of a secret has no place in any.
    const shown = failed.includes(streamed)
      ? []
      : leaksIn(streamed.body)
          .filter(({ kind }) => kind === 'a secret')
          .map((leak) => ({ ...leak, request: streamed.request, status: streamed.status }));
    const expected = 'nothing of the provider, and nothing of the inside';
    const inErrors = failed.flatMap(({ body, request, status }) => [
      ...PROVIDER_WORDS.flatMap(([kind, form]) => {
        const words = form.exec(body)?.[0];
        return words === undefined ? [] : [{ kind, excerpt: words, request, status }];
      }),
      ...leaksIn(body).map(({ kind, excerpt }) => ({ kind, excerpt, request, status })),
    ]);
    const found = [...inErrors, ...shown];
    if (found.length > 0)
      return found.map(
        ({ kind, excerpt, request, status }): Verdict => ({
          outcome: 'fail',
          subject,
          message: `An answer of ${status} tells ${kind}.`,
          observed: excerpt,
          expected,
          where: { request },
        }),
      );
    if (!failed.some(({ status }) => status >= 500 || status === 200))
      return [
        {
          outcome: 'unknown',
          severity: 'note',
          subject,
          message: `The question did not fail, so that no error of the provider was seen${failed.length === 0 ? '' : '; the refusal of a malformed one tells nothing of it'}.`,
          where: { request: streamed.request },
        },
      ];
    return [
      {
        outcome: 'pass',
        subject,
        message: 'The error answers tell nothing of the provider.',
        observed: failed.map(({ status }) => `status ${status}`).join(', '),
        expected,
        where: { request: streamed.request },
      },
    ];
  },
});
