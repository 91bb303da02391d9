import type { ReportFinding } from '../core/report.ts';
import { safe } from './layout.ts';
import type { Reporter } from './reporter.ts';
import { evidenceOf, type Gap, gapsOf } from './telling.ts';

/**
 * JUnit's XML, in the part that Jenkins, GitLab and others agree upon: a suite for each item of the checklist, a case for each
 * finding. What was not seen is an error, as of a test that could not run.
 *
 * @see https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
 */
export const junitReporter: Reporter = (report) => {
  const byItem = Map.groupBy(report.findings, ({ item }) => item);
  const titles = new Map(report.items.map(({ id, title }) => [id, title]));
  const suites = [
    ...[...byItem].map(([item, findings]) =>
      suiteOf(item === '' ? 'policy' : `${item} ${titles.get(item) ?? ''}`.trim(), findings.map(caseOf)),
    ),
    ...unprovenSuite(report.items),
    ...gapSuite(gapsOf(report)),
  ];
  const cases = suites.flatMap((suite) => suite.cases);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="qna-ready ${xmlText(report.command)}" ${countsOf(cases)}>`,
    ...suites.flatMap(({ name, cases: own }) => [
      `  <testsuite name="${xmlText(name)}" ${countsOf(own)} timestamp="${report.startedAt.replace(/\.\d+Z$/, '')}">`,
      ...own.map(({ className, name: title, result }) => {
        const head = `    <testcase classname="${xmlText(className)}" name="${xmlText(title)}"`;
        if (result === undefined) return `${head}/>`;
        const { tag, message, type, body } = result;
        return `${head}>\n      <${tag} message="${xmlText(message)}"${type === undefined ? '' : ` type="${type}"`}>${xmlText(body)}</${tag}>\n    </testcase>`;
      }),
      '  </testsuite>',
    ]),
    '</testsuites>',
  ];
  return `${lines.join('\n')}\n`;
};

interface Case {
  readonly className: string;
  readonly name: string;
  /** Absent where the case passed. */
  readonly result?: {
    readonly tag: 'failure' | 'error' | 'skipped';
    readonly message: string;
    readonly type?: string;
    readonly body: string;
  };
}

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

function suiteOf(name: string, cases: readonly Case[]): Suite {
  return { name, cases };
}

function caseOf(finding: ReportFinding): Case {
  const { check, source, subject, outcome, severity, message } = finding;
  const about = { className: `${source}.${check}`, name: subject };
  const body = evidenceOf(finding).join('\n');
  if (outcome === 'pass') return about;
  if (outcome === 'fail') return { ...about, result: { tag: 'failure', message, type: severity, body } };
  if (outcome === 'unknown') return { ...about, result: { tag: 'error', message, type: 'unknown', body } };
  return { ...about, result: { tag: 'skipped', message, body } };
}

/** Items that nothing was given for: unknown, or for a person to look at. */
function unprovenSuite(items: Parameters<Reporter>[0]['items']): readonly Suite[] {
  const unproven = items.filter(({ missing }) => missing !== undefined);
  if (unproven.length === 0) return [];
  const cases = unproven.map(({ id, title, state, missing = '' }): Case => {
    const about = { className: `checklist.${id}`, name: title };
    if (state === 'manual') return { ...about, result: { tag: 'skipped', message: missing, body: '' } };
    return { ...about, result: { tag: 'error', message: missing, type: 'unknown', body: '' } };
  });
  return [suiteOf('not proven', cases)];
}

function gapSuite(gaps: readonly Gap[]): readonly Suite[] {
  if (gaps.length === 0) return [];
  const cases = gaps.map(
    ({ source, what, sentence }): Case => ({
      className: source,
      name: what,
      result: { tag: 'error', message: sentence, type: 'not-seen', body: '' },
    }),
  );
  return [suiteOf('not seen', cases)];
}

function countsOf(cases: readonly Case[]): string {
  const count = (tag: string) => cases.filter(({ result }) => result?.tag === tag).length;
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/** For attributes and content alike; two characters more than those of `safe` cannot stand in XML 1.0. */
function xmlText(text: string): string {
  return safe(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"\n\t]/g, (character) => ENTITIES[character] ?? character);
}
