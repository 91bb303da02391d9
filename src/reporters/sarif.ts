import type { Location } from '../core/location.ts';
import type { Report, ReportFinding } from '../core/report.ts';
import { jsonText } from './layout.ts';
import type { FindCheck, Reporter } from './reporter.ts';
import { evidenceOf, gapsOf, isOpen, waiverWords } from './telling.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const HOME = 'https://qna-ready.github.io';

/** SARIF's word for each outcome. Its rule: whatever is no failure has the level `none`. */
const KINDS = {
  fail: 'fail',
  waived: 'fail',
  unknown: 'open',
  pass: 'pass',
  'not-applicable': 'notApplicable',
} as const;

/**
 * SARIF 2.1.0, as GitHub's code scanning takes it: every result has a physical location, and a fingerprint that stays while
 * lines move. What was unknown or not seen is also a notification, since viewers show results of the kind `fail` alone.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 * @see https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
export const sarifReporter: Reporter = (report, { verbose }, findCheck) => {
  const told = report.findings.filter((finding) => verbose || isOpen(finding) || finding.outcome === 'waived');
  const ids = [...new Set(told.map(({ check }) => check))];
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: report.tool.name,
            semanticVersion: report.tool.version,
            informationUri: HOME,
            rules: ids.map((id) => ruleOf(id, findCheck)),
          },
        },
        // GitHub keeps the runs of each category apart, and what stands before the last slash is the category.
        automationDetails: { id: `qna-ready/${report.command}/` },
        invocations: [invocationOf(report)],
        columnKind: 'utf16CodeUnits',
        results: told.map((finding) => resultOf(finding, ids.indexOf(finding.check))),
      },
    ],
  };
  return jsonText(log);
};

function ruleOf(id: string, findCheck: FindCheck) {
  const check = findCheck(id);
  if (check === undefined) return { id };
  const { title, why, how, fix, verify, severity, references } = check;
  const parts = { Why: why, How: how, Fix: fix, Verify: verify };
  const join = (mark: (name: string) => string) =>
    Object.entries(parts)
      .map(([name, text]) => `${mark(name)} ${text}`)
      .join('\n\n');
  return {
    id,
    shortDescription: { text: `${title}.` },
    fullDescription: { text: why },
    help: { text: join((name) => `${name}:`), markdown: join((name) => `**${name}**`) },
    ...(references[0] === undefined ? {} : { helpUri: references[0] }),
    defaultConfiguration: { level: severity },
    properties: { tags: [id.slice(0, id.indexOf('/'))], 'problem.severity': severityOf(severity) },
  };
}

/** GitHub's words for what SARIF calls a level. */
function severityOf(level: ReportFinding['severity']): 'error' | 'warning' | 'recommendation' {
  return level === 'note' ? 'recommendation' : level;
}

function resultOf(finding: ReportFinding, ruleIndex: number) {
  const { id, check, item, outcome, severity, subject, message, where, waiver } = finding;
  const kind = KINDS[outcome];
  return {
    ruleId: check,
    ruleIndex,
    kind,
    level: kind === 'fail' ? severity : 'none',
    message: { text: [`${subject}: ${message}`, ...evidenceOf(finding)].join('\n') },
    locations: [locationOf(where ?? { object: subject, path: '' })],
    partialFingerprints: { 'qnaReadyFinding/v1': id },
    ...(waiver === undefined
      ? {}
      : {
          suppressions: [{ kind: 'external', status: 'accepted', justification: waiverWords(waiver) }],
        }),
    properties: { item, outcome },
  };
}

function locationOf(where: Location) {
  if ('file' in where)
    return {
      physicalLocation: {
        artifactLocation: { uri: uriOf(where.file) },
        region: { startLine: where.line, startColumn: where.column },
      },
    };
  const [name, path] = 'object' in where ? [where.object, where.path] : [where.request, ''];
  const kind = 'object' in where ? 'resource' : 'request';
  return {
    physicalLocation: { artifactLocation: { uri: uriOf(`${kind}/${name}`) } },
    logicalLocations: [{ name, fullyQualifiedName: path === '' ? name : `${name} ${path}`, kind }],
  };
}

/** A reference that is relative where the path is; RFC 3986 admits few characters as they are. */
function uriOf(path: string): string {
  const encoded = path.toWellFormed().split('/').map(encodeURIComponent).join('/');
  return path.startsWith('/') ? `file://${encoded}` : encoded;
}

function invocationOf(report: Report) {
  const unknown = report.findings.filter(({ outcome }) => outcome === 'unknown');
  const notifications = [
    ...gapsOf(report).map(({ sentence, where }) => ({
      level: 'warning',
      message: { text: sentence },
      ...(where === undefined ? {} : { locations: [locationOf(where)] }),
    })),
    ...unknown.map(({ check, subject, message }) => ({
      level: 'warning',
      message: { text: `${check} is unknown of ${subject}: ${message}` },
    })),
  ];
  return {
    executionSuccessful: report.summary.exitCode !== 2,
    exitCode: report.summary.exitCode,
    startTimeUtc: report.startedAt,
    toolExecutionNotifications: notifications,
  };
}
