import { defineCheck, type Severity, type Verdict } from '../../../core/check.ts';
import { checkStructure } from '../../../prometheus/check-structure.ts';
import { FAULT_EFFECTS, type FaultEffect } from '../../../prometheus/faults.ts';
import { noPage, readPage } from '../page.ts';

/** More than these would bury the first, from which the others mostly follow. */
const SHOWN = 10;

const MEANING: Readonly<Record<FaultEffect, string>> = {
  refused: 'Prometheus 3 refuses the whole page',
  misread: 'Prometheus stores data that answers queries wrongly',
  tolerated: 'Prometheus takes it, other readers may not',
};
const SEVERITY: Readonly<Record<FaultEffect, Severity>> = { refused: 'error', misread: 'error', tolerated: 'warning' };

export const metricsFormatCheck = defineCheck({
  id: 'metrics/format',
  title: 'The page of metrics is well-formed and its structure is sound',
  severity: 'error',
  why: 'One malformed line costs the whole scrape. A page that parses can still lie: histograms that do not add up, series that stand twice, counters that are negative; promtool lets those pass, and alerts built on them never fire.',
  how: 'The page is read strictly in the format that its Content-Type names, and then its structure is checked: complete and cumulative histograms, no series twice, families in one piece, sane counters, no reserved names, no timestamps of its own. What Prometheus refuses or misreads is an error, what it merely tolerates a warning.',
  fix: 'Let an official client library write the page instead of building it from strings, and mend the line that is named.',
  verify:
    'Run curl -s http://HOST/metrics | promtool check metrics for the grammar, and look at the named line for the structure.',
  references: [
    'https://prometheus.io/docs/instrumenting/exposition_formats/',
    'https://prometheus.io/docs/specs/om/open_metrics_spec/',
  ],
  needs: ['metricsEndpoint'],
  evaluate: ({ metricsEndpoint }) => {
    const page = readPage(metricsEndpoint);
    if (page === undefined) return noPage(metricsEndpoint);
    // Personal labels are judged with the other labels, by metrics/cardinality.
    const faults = [...page.faults, ...checkStructure(page).filter((fault) => fault.code !== 'personal-label')];
    const { request } = metricsEndpoint;
    if (faults.length === 0)
      return [
        {
          outcome: 'pass',
          subject: 'metrics page',
          message: 'The page is well-formed and its structure is sound.',
          observed: `${page.sampleCount} samples in ${page.families.length} families, format ${page.format}`,
          expected: 'no fault',
          where: { request },
        },
      ];
    const verdicts = faults.slice(0, SHOWN).map((fault): Verdict => {
      const effect = FAULT_EFFECTS[fault.code];
      return {
        outcome: 'fail',
        severity: SEVERITY[effect],
        subject: `metrics page line ${fault.line}`,
        message: `${fault.message} ${MEANING[effect]}.`,
        observed: `${fault.code} at ${fault.line}:${fault.column}`,
        expected: 'a page without faults',
        where: { request: `${request} line ${fault.line}:${fault.column}` },
      };
    });
    const more = faults.length - SHOWN + page.faultsLeftOut;
    if (more <= 0) return verdicts;
    return [
      ...verdicts,
      {
        outcome: 'fail',
        subject: 'metrics page',
        message: `The page has ${more} more faults.`,
        observed: `${faults.length + page.faultsLeftOut} faults in all`,
        expected: 'no fault',
        where: { request },
      },
    ];
  },
});
