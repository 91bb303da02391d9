import type { Check } from '../core/check.ts';
import { UserError } from '../core/errors.ts';
import type { Snapshot } from '../core/facts.ts';
import { wantedFacts } from '../core/run-checks.ts';
import { ENDPOINT_FACTS } from '../sources/endpoint/endpoint-source.ts';
import { parseTarget } from '../sources/http/target.ts';
import type { EndpointChoice } from './probe.ts';

/** Observes the services behind several URLs at once. One that cannot be reached spoils its own part, as long as another can. */
export async function observeEndpoints(
  choices: readonly EndpointChoice[],
  checks: readonly Check[],
  observe: (choice: EndpointChoice) => Promise<Snapshot>,
): Promise<readonly Snapshot[]> {
  const [only, ...more] = choices;
  if (only === undefined) return [];
  if (more.length === 0) return [await observe(only)];
  const ofOne = [
    ...(only.metricsUrl === undefined ? [] : ['--metrics-url']),
    ...(only.logs === undefined ? [] : ['--logs']),
    ...(only.runs?.outage === undefined ? [] : ['--outage-command']),
    ...(only.runs?.drain === undefined ? [] : ['--drain-pid or --drain-command']),
  ];
  if (ofOne[0] !== undefined)
    throw new UserError(`${ofOne.join(' and ')} can only be told of one service.`, { hint: 'Give one URL.' });
  const targets = choices.map(({ url, shown }) => shown ?? parseTarget(url).shown);
  const observed = await Promise.allSettled(choices.map(observe));
  const snapshots = observed.map((result, index): Snapshot => {
    const label = targets[index] ?? '';
    if (result.status === 'fulfilled') return { ...result.value, label };
    if (!(result.reason instanceof UserError)) throw result.reason;
    return { ...unreachable(label, result.reason.message, checks), label };
  });
  if (observed.every(({ status }) => status === 'rejected')) throw (observed[0] as PromiseRejectedResult).reason;
  return snapshots;
}

function unreachable(target: string, message: string, checks: readonly Check[]): Snapshot {
  const reason = message.replace(/\.$/, '');
  const wanted = [...wantedFacts(checks)].filter((fact) => ENDPOINT_FACTS.includes(fact));
  return {
    source: 'endpoint',
    target,
    facts: Object.fromEntries(wanted.map((fact) => [fact, { seen: false, reason }])),
    notSeen: [{ what: target, reason, unusable: true }],
  };
}
