import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { NamedSetting } from '../../../kubernetes/environment.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { CALLER_FACTS, type Caller, callersOf, NO_CALLER } from '../callers.ts';

/** A limit of tokens, of cost, or of how often the provider is asked, in the words of many stacks. */
const LIMIT =
  /(?:^|_)(?:MAX_(?:[A-Z]+_)?TOKENS|TOKEN_(?:LIMIT|BUDGET|QUOTA)(?:_.*)?|TOKENS_PER_(?:MINUTE|HOUR|DAY|REQUEST|USER)|(?:MAX|DAILY|MONTHLY)_(?:[A-Z]+_)?(?:COST|BUDGET|SPEND)(?:_.*)?|(?:COST|BUDGET|SPEND)_LIMIT(?:_.*)?|NUM_PREDICT|TPM_LIMIT|RPM_LIMIT)$/i;

export const llmBudgetCheck = defineCheck({
  id: 'llm/budget',
  title: 'An answer has a limit of tokens or of cost',
  severity: 'warning',
  why: 'A prompt that makes the model write without end, or a client in a loop, costs money by the second. A limit in the service is the only one that acts before the bill.',
  how: 'A service with settings of a provider has a setting that limits tokens or cost (MAX_TOKENS, MAX_OUTPUT_TOKENS, TOKEN_BUDGET…, DAILY_COST…, or named by aliases.budget of the configuration), and its value is a number above zero. A value that comes from a Secret is unknown. The limit of the provider itself is asked of a person.',
  fix: 'Limit the tokens of an answer with a setting such as LLM_MAX_OUTPUT_TOKENS: "2048" that the service sends with every call.',
  verify: 'Ask for a text without end, and read the token counts of the answer.',
  references: [
    'https://genai.owasp.org/llmrisk/llm102025-unbounded-consumption/',
    'https://platform.openai.com/docs/guides/rate-limits',
  ],
  needs: CALLER_FACTS,
  evaluate: (facts, settings) =>
    orNotApplicable(
      callersOf(facts, settings).map((caller) => judge(caller, settings.aliases.budget)),
      NO_CALLER,
    ),
});

function judge({ workload: { resource }, container, settings }: Caller, aliases: readonly string[]): Verdict {
  const { subject, path } = container;
  const limits = settings.filter(({ name }) => aliases.includes(name) || LIMIT.test(name));
  const [first] = limits;
  if (first === undefined)
    return {
      outcome: 'fail',
      subject,
      message: 'No setting limits what an answer may cost.',
      where: resource.locate([...path, 'env']),
      observed: 'no limit of tokens or of cost',
      expected: 'a setting such as LLM_MAX_OUTPUT_TOKENS',
    };
  const wrong = limits.find(({ value }) => value !== undefined && !(Number(value) > 0));
  if (wrong !== undefined)
    return {
      outcome: 'fail',
      subject,
      message: `${wrong.name} limits nothing.`,
      where: resource.locate(wrong.path),
      observed: told(wrong),
      expected: 'a number above zero',
    };
  const known = limits.find(({ value }) => value !== undefined);
  if (known === undefined)
    return {
      outcome: 'unknown',
      subject,
      message: `${first.name} comes from where this cannot look: ${first.source}.`,
      where: resource.locate(first.path),
    };
  return {
    outcome: 'pass',
    subject,
    message: 'What an answer may cost is limited.',
    where: resource.locate(known.path),
    observed: told(known),
  };
}

function told({ name, value, source }: NamedSetting): string {
  return `${name} ${JSON.stringify(value)} in ${source}`;
}
