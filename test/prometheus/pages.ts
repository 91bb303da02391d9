import fc from 'fast-check';
import type { Label, MetricType } from '../../src/prometheus/exposition.ts';

/** A family as it is meant, before it is written on a page. */
export interface MeantFamily {
  readonly name: string;
  readonly type: Extract<MetricType, 'counter' | 'gauge' | 'untyped'>;
  readonly help: string;
  readonly samples: readonly { readonly labels: readonly Label[]; readonly value: number }[];
}

const NAME = fc.stringMatching(/^[a-z_][a-z0-9_]{0,12}$/);
const LABEL_NAME = fc
  .stringMatching(/^[a-z_][a-z0-9_]{0,6}$/)
  .filter((name) => !['le', 'quantile'].includes(name) && !name.startsWith('__'));
const TEXT = fc.string({
  unit: fc.constantFrom('a', 'Z', '0', ' ', '"', '\\', '\n', 'ä', '{', '}', ',', '=', '#'),
  maxLength: 12,
});
const VALUE = fc.oneof(fc.double({ noNaN: true }), fc.integer(), fc.constantFrom(Number.NaN, Infinity, -Infinity, 0));

/** Pages whose every line is well-formed: distinct families, distinct series. */
export const meantPage: fc.Arbitrary<readonly MeantFamily[]> = fc.uniqueArray(
  fc.record({
    name: NAME,
    type: fc.constantFrom('counter' as const, 'gauge' as const, 'untyped' as const),
    // Blanks before the text separate it from the name.
    help: TEXT.map((text) => text.replace(/^ +/, '')),
    samples: fc.uniqueArray(
      fc.record({
        labels: fc.uniqueArray(fc.record({ name: LABEL_NAME, value: TEXT }), {
          selector: ({ name }) => name,
          maxLength: 4,
        }),
        value: VALUE,
      }),
      { selector: ({ labels }) => JSON.stringify(labels), minLength: 1, maxLength: 5 },
    ),
  }),
  { selector: ({ name }) => name, maxLength: 6 },
);

/** Writes a page as a client library would. */
export function writePage(families: readonly MeantFamily[]): string {
  return families.map(writeFamily).join('');
}

export function writeNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

function writeFamily({ name, type, help, samples }: MeantFamily): string {
  const lines = [
    `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(({ labels, value }) => {
      const written = labels.map((label) => `${label.name}="${escapeLabel(label.value)}"`).join(',');
      return `${name}${written === '' ? '' : `{${written}}`} ${writeNumber(value)}`;
    }),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
