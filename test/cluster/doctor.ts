import { imageRequirements } from './node/requirements.ts';
import { firstMissing, type Requirement, requirementsOf } from './requirements.ts';
import { OFFERED_TIERS } from './tier.ts';

/** What each tier needs, what of it is here, and how to get the rest; true where nothing is missing. */
export function doctor(say: (line: string) => void): boolean {
  const verdicts = [
    ...OFFERED_TIERS.map((tier) => tell(`${tier} tier`, requirementsOf(tier), say)),
    tell('images of the service and of PostgreSQL, for the node tier', imageRequirements(), say),
  ];
  return verdicts.every(Boolean);
}

function tell(what: string, requirements: readonly Requirement[], say: (line: string) => void): boolean {
  const complete = firstMissing(requirements) === undefined;
  say(`${what}: ${complete ? 'can be had here' : 'cannot be had here'}`);
  for (const { what: part, missing } of requirements)
    say(missing === undefined ? `  ok       ${part}` : `  missing  ${part}: ${missing}`);
  return complete;
}
