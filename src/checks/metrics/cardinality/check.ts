import { defineCheck, type Severity, type Verdict } from '../../../core/check.ts';
import { noPage, readPage } from '../page.ts';
import { type LabelProblem, labelProblems } from './label-problems.ts';

const SEVERITY: Readonly<Record<LabelProblem['kind'], Severity>> = {
  'raw-path': 'error',
  personal: 'error',
  question: 'error',
  id: 'error',
  'odd-method': 'warning',
  'many-values': 'warning',
};
const SHOWN = 10;

export const metricsCardinalityCheck = defineCheck({
  id: 'metrics/cardinality',
  title: 'Callers cannot make the number of series grow',
  severity: 'error',
  why: 'Every new value of a label is a new series for ever. A raw path or an id as a label lets any caller, or a scanner, fill the memory of the service and of Prometheus, and personal data in labels is kept where nobody can delete it.',
  how: 'Three paths that do not exist and one method that no route serves are asked; none of them may appear as a label value afterwards. All label values are searched for ids, e-mail addresses, credentials and questions of users, and for labels with more than 100 values.',
  fix: 'Label with the template of the route, and with one fixed word for all paths that match none; fold unknown methods into one value; put ids into logs and traces.',
  verify:
    'Run curl http://HOST/no-such-path-1 and look for it on the page: curl -s http://HOST/metrics | grep no-such-path.',
  references: [
    'https://prometheus.io/docs/practices/naming/#labels',
    'https://prometheus.io/docs/practices/instrumentation/#do-not-overuse-labels',
  ],
  needs: ['metricsActivity'],
  evaluate: ({ metricsActivity: { after, sent } }) => {
    const page = readPage(after);
    if (page === undefined) return noPage(after);
    const problems = labelProblems(page, sent);
    const where = { request: after.request };
    if (problems.length === 0)
      return [
        {
          outcome: 'pass',
          subject: 'labels of metrics',
          message: 'Unknown paths and methods added no series, and no label holds ids or personal data.',
          observed: `${page.sampleCount} samples in ${page.families.length} families`,
          expected: 'a bounded number of values for each label',
          where,
        },
      ];
    return problems.slice(0, SHOWN).map(
      ({ metric, label, kind, text }): Verdict => ({
        outcome: 'fail',
        severity: SEVERITY[kind],
        subject: `${metric}{${label}}`,
        message: `The label ${label} of ${metric} can grow without end: ${text}.`,
        observed: text,
        expected: 'a bounded number of values',
        where,
      }),
    );
  },
});
