import { firstMissing, requirementsOf } from './requirements.ts';
import { OFFERED_TIERS } from './tier.ts';

/** What each tier needs, what of it is here, and how to get the rest; true where the best tier can be had. */
export function doctor(say: (line: string) => void): boolean {
  for (const tier of OFFERED_TIERS) {
    const requirements = requirementsOf(tier);
    say(`${tier} tier: ${firstMissing(requirements) === undefined ? 'can be had here' : 'cannot be had here'}`);
    for (const { what, missing } of requirements)
      say(missing === undefined ? `  ok       ${what}` : `  missing  ${what}: ${missing}`);
  }
  return OFFERED_TIERS.every((tier) => firstMissing(requirementsOf(tier)) === undefined);
}
