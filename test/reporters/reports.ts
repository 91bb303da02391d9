import { OUTCOMES, SEVERITIES } from '../../src/core/check.ts';
import type { ItemState } from '../../src/core/checklist.ts';
import type { Location } from '../../src/core/location.ts';
import { REPORT_SCHEMA, type Report, type ReportFinding, type ReportSummary } from '../../src/core/report.ts';

const PLACES: readonly (Location | undefined)[] = [
  { file: 'k8s/a deployment.yaml', line: 7, column: 3 },
  { object: 'Deployment prod/qna', path: 'spec.template' },
  { request: 'GET http://127.0.0.1:8080/health/live' },
  undefined,
];
const STATES: readonly ItemState[] = ['done', 'todo', 'unknown', 'manual', 'not-applicable'];

/** A report of a run that found nothing to judge. */
export const EMPTY_REPORT: Report = {
  $schema: REPORT_SCHEMA,
  tool: { name: 'qna-ready', version: '1.2.3' },
  command: 'validate',
  startedAt: '2026-11-23T08:00:00.123Z',
  sources: [{ name: 'files', target: 'k8s', seen: {}, notSeen: [] }],
  roles: [],
  summary: { pass: 0, fail: 0, unknown: 0, notApplicable: 0, waived: 0, exitCode: 0, verdict: 'ready' },
  items: [],
  findings: [],
};

/** A report with every outcome, severity, place and state there is, and the same words wherever words of the input can stand. */
export function fullReport(words: string): Report {
  const findings = OUTCOMES.flatMap((outcome) =>
    SEVERITIES.flatMap((severity) =>
      PLACES.map((where, place): ReportFinding => {
        const check = place === 3 ? 'gone/in-this-version' : 'probes/readiness-probe';
        return {
          id: `${check}@files#${outcome} ${severity} ${place} ${words}`,
          check,
          item: '2.3',
          source: 'files',
          outcome,
          severity,
          subject: `${outcome} ${severity} ${place} ${words}`,
          message: `A message with ${words}.`,
          observed: words,
          expected: words,
          ...(place === 1 ? { command: `kubectl get '${words}'` } : {}),
          ...(where === undefined ? {} : { where }),
          ...(outcome === 'fail' ? { fix: words, docs: 'https://kubernetes.io/docs/concepts/_x_/' } : {}),
          ...(outcome === 'waived' ? { waiver: { reason: words, owner: words, expires: '2027-01-01' } } : {}),
        };
      }),
    ),
  );
  const count = (outcome: ReportFinding['outcome']) => findings.filter((one) => one.outcome === outcome).length;
  const summary: ReportSummary = {
    pass: count('pass'),
    fail: count('fail'),
    unknown: count('unknown'),
    notApplicable: count('not-applicable'),
    waived: count('waived'),
    exitCode: 1,
    verdict: 'not-ready',
  };
  const items = STATES.map((state, index) => ({
    id: `2.${index}`,
    name: state,
    title: `A title with ${words}.`,
    section: '2 Lifecycle',
    state,
    findings: state === 'manual' || state === 'unknown' ? [] : findings.map(({ id }) => id).slice(0, 3),
    ...(state === 'manual' || state === 'unknown' ? { missing: words } : {}),
  }));
  return {
    ...EMPTY_REPORT,
    sources: [
      { name: 'files', target: words, seen: {}, notSeen: [{ what: words, reason: words }] },
      {
        name: 'cluster',
        target: words,
        seen: {},
        notSeen: [{ what: 'secrets', reason: words, where: PLACES[0] as Location }],
      },
    ],
    summary,
    items,
    // The open items of several are told, each with the words of its findings.
    applications: [words, 'plain'].map((name) => ({
      name,
      namespace: words,
      context: words,
      subjects: [words],
      why: words,
      summary,
      items,
    })),
    findings,
  };
}

/** Words that mean something to a terminal, a runner, a parser or a reader of pages. */
export const HOSTILE_WORDS: readonly string[] = [
  'plain',
  '\u001b[31mred\u001b[0m\u0007\u0000\u009b2J',
  '\u202etxt.exe\u2066',
  ']]></testcase><testcase name="x">',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '"quoted" \'single\' & &amp; `ticks` ``` | bar',
  '::set-output name=x::y%0A::error::no\n::stop-commands::t',
  '\nok 1 - forged # TODO\n1..0 # SKIP\nBail out!',
  '=cmd|calc!A1',
  '[link](javascript:alert(1)) ![image](http://127.0.0.1/x.png) @everyone # heading',
  'half \ud800 a pair \udc00, ￾ none\uffff',
  'tab\tcarriage\rreturn  ',
];
