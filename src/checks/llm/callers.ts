import type { Facts } from '../../core/facts.ts';
import type { Settings } from '../../core/settings.ts';
import { type NamedSetting, settingsOf } from '../../kubernetes/environment.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../kubernetes/roles.ts';
import { containersOf, type Workload, type WorkloadContainer } from '../../kubernetes/workload.ts';

/** The facts that tell which workload calls a language model, and with which settings. */
export const CALLER_FACTS = [...ROLE_FACTS, 'configMaps', 'secrets'] as const;
export type CallerFacts = Pick<Facts, (typeof CALLER_FACTS)[number]>;

/** A container that calls a language model. */
export interface Caller {
  readonly workload: Workload;
  readonly container: WorkloadContainer;
  readonly settings: readonly NamedSetting[];
}

/** What the names of settings of providers, gateways and libraries begin with. */
const OF_A_PROVIDER =
  /^(?:AZURE_OPENAI|OPENAI|ANTHROPIC|COHERE|MISTRAL|GROQ|GEMINI|VERTEX|BEDROCK|OLLAMA|VLLM|LITELLM|LLM|HF|HUGGING_?FACE|TOGETHER|OPENROUTER|DEEPSEEK|LANGCHAIN|LLAMA)_/i;

export const NO_CALLER = 'No service has a setting of a language model.';

/** The containers of services that have a setting of a provider. */
export function callersOf(facts: CallerFacts, settings: Settings): readonly Caller[] {
  return playing('service', rolesOf(facts, settings)).flatMap((workload) =>
    containersOf(workload)
      .filter(({ role }) => role === 'main')
      .map((container) => ({
        workload,
        container,
        settings: settingsOf(container, facts.configMaps, facts.secrets),
      }))
      .filter((caller) => caller.settings.some(({ name }) => OF_A_PROVIDER.test(name))),
  );
}
