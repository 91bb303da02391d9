import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Probe } from '../../../core/objects.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { CALLER_FACTS, type Caller, callersOf, NO_CALLER } from '../callers.ts';

/** Hosts of providers, and variables that hold the URL of one. */
const PROVIDER =
  /\b(?:api\.openai\.com|[\w-]+\.openai\.azure\.com|api\.anthropic\.com|generativelanguage\.googleapis\.com|[\w-]+-aiplatform\.googleapis\.com|bedrock-runtime|api\.mistral\.ai|api\.groq\.com|api\.cohere\.(?:ai|com)|openrouter\.ai|api\.deepseek\.com|api-inference\.huggingface\.co)\b|\$\{?(?:OPENAI|AZURE_OPENAI|ANTHROPIC|LLM|LITELLM|OLLAMA)_(?:API_)?(?:BASE_)?(?:URL|ENDPOINT|HOST|BASE)\b|\/v1\/(?:chat\/completions|completions|models|embeddings|messages)\b/i;
/** Settings that make a model a condition of readiness. */
const REQUIRES =
  /READ(?:Y|INESS).*(?:REQUIRES?|CHECKS?|INCLUDES?)_?(?:LLM|OPENAI|PROVIDER|MODEL)|(?:LLM|OPENAI|PROVIDER|MODEL).*REQUIRED.*READ(?:Y|INESS)/i;

export const llmReadinessCheck = defineCheck({
  id: 'llm/readiness',
  title: 'An outage of the provider takes no replica out',
  severity: 'error',
  why: 'All replicas ask the same provider. A probe that asks it as well takes them all out at once, or restarts them all at once, when the provider has a bad minute, and what could have been answered without it is gone too.',
  how: 'No probe of a service with settings of a provider asks the provider: neither its host nor its API in a command, in the path or in the host of a probe. No setting makes the provider a condition of readiness. What the readiness endpoint does by itself is asked of a person: stop the provider in staging.',
  fix: "Ask the service's own endpoints, and report trouble with the provider as a metric and a degraded answer.",
  verify: 'Stop the provider in staging, and see that every pod stays Ready.',
  references: [
    'https://kubernetes.io/docs/concepts/workloads/pods/probes/',
    'https://aws.amazon.com/builders-library/implementing-health-checks/',
  ],
  needs: CALLER_FACTS,
  evaluate: (facts, settings) => orNotApplicable(callersOf(facts, settings).flatMap(judge), NO_CALLER),
});

const PROBES = ['readinessProbe', 'livenessProbe', 'startupProbe'] as const;

function judge({ workload: { resource }, container, settings }: Caller): readonly Verdict[] {
  const { subject, path } = container;
  const expected = 'probes of the service alone';
  const faults: Verdict[] = PROBES.flatMap((field): readonly Verdict[] => {
    const asked = asks(container.container[field]);
    const provider = PROVIDER.exec(asked)?.[0];
    if (provider === undefined) return [];
    return [
      {
        outcome: 'fail',
        subject,
        message: `The ${field} asks the provider, so its outage is ours.`,
        where: resource.locate([...path, field]),
        observed: provider,
        expected,
      },
    ];
  });
  const demanding = settings.find(({ name, value }) => REQUIRES.test(name) && /^(?:true|1|yes|on)$/i.test(value ?? ''));
  if (demanding !== undefined)
    faults.push({
      outcome: 'fail',
      subject,
      message: 'A setting makes the provider a condition of readiness.',
      where: resource.locate(demanding.path),
      observed: `${demanding.name} ${demanding.value}`,
      expected: `${demanding.name} false`,
    });
  if (faults.length > 0) return faults;
  return [{ outcome: 'pass', subject, message: 'No probe asks the provider.', where: resource.locate(path) }];
}

/** All that a probe says about whom it asks. */
function asks(probe: Probe | undefined): string {
  const { httpGet, exec } = probe ?? {};
  return [httpGet?.host, httpGet?.path, ...(exec?.command ?? [])].filter((part) => part != null).join(' ');
}
