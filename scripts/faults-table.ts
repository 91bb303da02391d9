import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAULTS, type FaultEffect, type FaultMeaning } from '../src/prometheus/fault-meanings.ts';

const START = '<!-- made by npm run generate from src/prometheus/fault-meanings.ts -->';
const END = '<!-- end of what is made -->';

const EFFECT: Readonly<Record<FaultEffect, string>> = {
  refused: 'refuses the page',
  misread: 'stores what was not meant',
  tolerated: 'takes it',
};
const PROMTOOL: Readonly<Record<NonNullable<FaultMeaning['promtool']>, string>> = {
  refused: 'cannot read the page',
  read: 'reads it in silence',
  varies: 'depends on other lines',
};

/** docs/metrics.md with its table of faults made anew; the prose around it stays as it is. */
export function metricsPage(): string {
  const page = readFileSync(join(import.meta.dirname, '../docs/metrics.md'), 'utf8');
  const [before = '', rest = ''] = page.split(START);
  const [, after = ''] = rest.split(END);
  return `${before}${START}\n\n${table()}\n\n${END}${after}`;
}

function table(): string {
  const rows = Object.entries<FaultMeaning>(FAULTS).map(
    ([code, { effect, promtool, source }]) =>
      `| \`${code}\` | [${told(effect)}](${source}) | ${promtool === undefined ? '' : PROMTOOL[promtool]} |`,
  );
  return ['| fault | Prometheus 3 | promtool |', '| --- | --- | --- |', ...rows].join('\n');
}

function told(effect: FaultMeaning['effect']): string {
  if (typeof effect === 'string') return EFFECT[effect];
  return `${EFFECT[effect.text]}; of OpenMetrics ${EFFECT[effect.openmetrics]}`;
}
