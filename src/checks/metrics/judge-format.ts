import type { Severity, Verdict } from '../../core/check.ts';
import type { Exchange } from '../../core/endpoint-facts.ts';
import { checkStructure } from '../../prometheus/check-structure.ts';
import { effectOf, type FaultEffect } from '../../prometheus/fault-meanings.ts';
import { noPage, notKept, readPage } from './page.ts';

/** More than these would bury the first, from which the others mostly follow. */
const SHOWN = 10;

const MEANING: Readonly<Record<FaultEffect, string>> = {
  refused: 'Prometheus 3 refuses the whole page',
  misread: 'Prometheus stores data that answers queries wrongly',
  tolerated: 'Prometheus takes it, other readers may not',
};
const SEVERITY: Readonly<Record<FaultEffect, Severity>> = { refused: 'error', misread: 'error', tolerated: 'warning' };

/** Whether a page of metrics is well-formed and sound; line by line what is not. */
export function judgeFormat(exchange: Exchange): readonly Verdict[] {
  const page = readPage(exchange);
  if (page === undefined) return noPage(exchange);
  // Personal labels are judged with the other labels, by metrics/cardinality.
  const faults = [...page.faults, ...checkStructure(page).filter((fault) => fault.code !== 'personal-label')];
  const { request } = exchange;
  const rest = notKept(page, exchange);
  if (faults.length === 0 && rest.length > 0) return rest;
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
    const effect = effectOf(fault.code, page.format);
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
  const worst = faults.slice(SHOWN).some((fault) => effectOf(fault.code, page.format) !== 'tolerated');
  const more = faults.length - SHOWN + page.faultsLeftOut;
  if (more <= 0) return [...verdicts, ...rest];
  return [
    ...verdicts,
    ...rest,
    {
      outcome: 'fail',
      // What was not kept of a long list may be anything.
      severity: worst || page.faultsLeftOut > 0 ? 'error' : 'warning',
      subject: 'metrics page',
      message: `The page has ${more} more faults.`,
      observed: `${faults.length + page.faultsLeftOut} faults in all`,
      expected: 'no fault',
      where: { request },
    },
  ];
}
