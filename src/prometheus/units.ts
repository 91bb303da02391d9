/** Units and prefixes of promlint (client_golang, prometheus/testutil/promlint/validations/units.go). */
const BASE_UNIT_OF: Readonly<Record<string, string>> = {
  amperes: 'amperes',
  bytes: 'bytes',
  celsius: 'celsius',
  grams: 'grams',
  joules: 'joules',
  kelvin: 'kelvin',
  meters: 'meters',
  metres: 'metres',
  seconds: 'seconds',
  volts: 'volts',
  minutes: 'seconds',
  hours: 'seconds',
  days: 'seconds',
  weeks: 'seconds',
  kelvins: 'kelvin',
  fahrenheit: 'celsius',
  rankine: 'celsius',
  inches: 'meters',
  yards: 'meters',
  miles: 'meters',
  bits: 'bytes',
  calories: 'joules',
  pounds: 'grams',
  ounces: 'grams',
};

const PREFIXES = [
  'pico',
  'nano',
  'micro',
  'milli',
  'centi',
  'deci',
  'deca',
  'hecto',
  'kilo',
  'kibi',
  'mega',
  'mibi',
  'giga',
  'gibi',
  'tera',
  'tebi',
  'peta',
  'pebi',
];

export const UNIT_ABBREVIATIONS: readonly string[] = [
  's',
  'ms',
  'us',
  'ns',
  'sec',
  'b',
  'kb',
  'mb',
  'gb',
  'tb',
  'pb',
  'm',
  'h',
  'd',
];

export interface UnitInName {
  readonly unit: string;
  readonly base: string;
}

/** The first part of a metric name that is a unit, with the base unit it should be. */
export function unitInName(name: string): UnitInName | undefined {
  for (const token of name.split('_')) {
    const base = baseUnitOf(token);
    if (base !== undefined) return { unit: token, base };
    for (const prefix of PREFIXES) {
      if (!token.startsWith(prefix)) continue;
      const rest = baseUnitOf(token.slice(prefix.length));
      if (rest !== undefined) return { unit: token, base: rest };
    }
  }
  return undefined;
}

function baseUnitOf(token: string): string | undefined {
  return Object.hasOwn(BASE_UNIT_OF, token) ? BASE_UNIT_OF[token] : undefined;
}
