import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sarifSchema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';
import fc from 'fast-check';
import { Parser as TapParser } from 'tap-parser';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { CHECKS } from '../../src/checks/index.ts';
import type { Report } from '../../src/core/report.ts';
import { checkStructure } from '../../src/prometheus/check-structure.ts';
import { checkNaming } from '../../src/prometheus/naming-rules.ts';
import { parseExposition } from '../../src/prometheus/parse-exposition.ts';
import { loadReporter, REPORT_FORMATS, type ReportFormat } from '../../src/reporters/reporter.ts';
import { EMPTY_REPORT, fullReport, HOSTILE_WORDS } from './reports.ts';

async function told(format: ReportFormat, report: Report, verbose = false): Promise<string> {
  const reporter = await loadReporter(format);
  const style = { color: false, width: 100, verbose };
  return [...reporter(report, style, (id) => CHECKS.find((check) => check.id === id))].join('');
}

const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
ajvFormats.default(ajv);
// Of draft 04 it uses nothing that draft 07 does not say too, but for the name of `$id`.
const { id: $id, ...sarifRules } = sarifSchema;
const isSarif = ajv.compile({ ...sarifRules, $id, $schema: 'http://json-schema.org/draft-07/schema#' });
const JUNIT_XSD = readFileSync(join(import.meta.dirname, 'junit.xsd'), 'utf8');
/** @see https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format */
const isGitlab = ajv.compile({
  type: 'array',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
    properties: {
      description: { type: 'string', minLength: 1 },
      check_name: { type: 'string', minLength: 1 },
      fingerprint: { type: 'string', minLength: 1 },
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        required: ['path', 'lines'],
        properties: {
          path: { type: 'string', minLength: 1 },
          lines: { type: 'object', required: ['begin'], properties: { begin: { type: 'integer', minimum: 1 } } },
        },
      },
    },
  },
});

/** Says what is wrong with a text of a format by whoever reads it; nothing where all is well. */
const FAULTS: Readonly<
  Partial<Record<ReportFormat, (text: string) => Promise<readonly string[]> | readonly string[]>>
> = {
  sarif: (text) => (isSarif(JSON.parse(text)) ? [] : [ajv.errorsText(isSarif.errors)]),
  gitlab: (text) => (isGitlab(JSON.parse(text)) ? [] : [ajv.errorsText(isGitlab.errors)]),
  async junit(text) {
    const { errors } = await validateXML({
      xml: [{ fileName: 'report.xml', contents: text }],
      schema: [JUNIT_XSD],
    });
    return errors.map(({ message }) => message);
  },
  tap: (text) => tapOf(text).faults,
  prometheus(text) {
    const page = parseExposition(text, 'text');
    return [...page.faults, ...checkStructure(page), ...checkNaming(page)].map((fault) => JSON.stringify(fault));
  },
  // Every line is a command of ours, with no other in it.
  github: (text) =>
    text
      .trimEnd()
      .split('\n')
      .filter((line) => !/^::(?:error|warning|notice) [a-z]+=[^\n]*::[^\n]*$/.test(line)),
};

function tapOf(text: string) {
  const parser = new TapParser({ strict: true });
  const faults: string[] = [];
  parser.on('extra', (extra) => faults.push(`not TAP: ${extra}`));
  parser.on('bailout', (reason) => faults.push(`bailed out: ${reason}`));
  parser.end(text);
  const { count, pass, fail, skip, plan, failures } = parser.results ?? {};
  faults.push(...(failures ?? []).flatMap(({ tapError }) => (tapError ? [String(tapError)] : [])));
  return { faults, count, pass, fail, skip, plan };
}

describe.each(REPORT_FORMATS)('the report as %s', (format) => {
  it.each<readonly [string, Report]>([
    ['nothing was found to judge', EMPTY_REPORT],
    ...HOSTILE_WORDS.map((words) => [`the input says ${JSON.stringify(words)}`, fullReport(words)] as const),
  ])('can be read where %s', async (_, report) => {
    for (const verbose of [false, true]) {
      const text = await told(format, report, verbose);
      expect(text.endsWith('\n')).toBe(true);
      // A reader decodes UTF-8; half a pair would reach it as something else.
      expect(text.isWellFormed()).toBe(true);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
      expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      expect((await FAULTS[format]?.(text)) ?? []).toEqual([]);
    }
  });

  it('can be read whatever the input says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (words) => {
        const text = await told(format, fullReport(words));
        expect(text.isWellFormed()).toBe(true);
        if (format !== 'junit') expect((await FAULTS[format]?.(text)) ?? []).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('what a report says', () => {
  const report = fullReport('plain');
  const open = report.findings.filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown');

  it('is in SARIF a result for each open and waived finding, a rule for each check, and a notification for each gap', async () => {
    const log = JSON.parse(await told('sarif', report));
    const [run] = log.runs;
    const kinds = Map.groupBy(run.results as { kind: string; level: string }[], ({ kind }) => kind);
    expect([...kinds].map(([kind, results]) => [kind, results.length])).toEqual([
      ['fail', 24],
      ['open', 12],
    ]);
    expect(new Set(kinds.get('open')?.map(({ level }) => level))).toEqual(new Set(['none']));
    for (const { ruleId, ruleIndex, locations, partialFingerprints } of run.results) {
      expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
      expect(locations[0].physicalLocation.artifactLocation.uri).toMatch(/^[\w./%~-]+$/);
      expect(Object.keys(partialFingerprints)).toEqual(['qnaReadyFinding/v1']);
    }
    expect(
      run.results.filter(({ suppressions }: { suppressions?: unknown }) => suppressions !== undefined),
    ).toHaveLength(12);
    expect(run.tool.driver.rules[0]).toMatchObject({
      id: 'probes/readiness-probe',
      defaultConfiguration: { level: 'error' },
    });
    expect(run.invocations[0]).toMatchObject({ executionSuccessful: true, exitCode: 1 });
    expect(run.invocations[0].toolExecutionNotifications).toHaveLength(12 + 2);
    const file = run.results.find(
      ({ locations }: { locations: { physicalLocation: { region?: object } }[] }) =>
        locations[0]?.physicalLocation.region,
    );
    expect(file.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'k8s/a%20deployment.yaml' },
      region: { startLine: 7, startColumn: 3 },
    });
  });

  it('is in JUnit and in TAP a case for each finding, gap and unproven item, and only what passed has passed', async () => {
    const xml = await told('junit', report);
    // 60 findings, 2 items that nothing proves, 2 gaps; unknown: 12 findings, 1 item, 2 gaps; skipped: 24 findings, 1 manual item.
    expect(xml).toContain('<testsuites name="qna-ready validate" tests="64" failures="12" errors="15" skipped="25">');
    expect(xml.match(/<testcase /g)).toHaveLength(64);
    expect(tapOf(await told('tap', report))).toMatchObject({ count: 64, fail: 27, pass: 37, skip: 25 });
    expect(await told('tap', EMPTY_REPORT)).toBe('TAP version 14\n1..0 # SKIP nothing was found to judge\n');
  });

  it('is for GitHub an annotation at its line for each open finding, the worst first, and the verdict last', async () => {
    const lines = (await told('github', report)).trimEnd().split('\n');
    expect(lines).toHaveLength(open.length + 2 + 1);
    expect(lines[0]).toBe(
      '::error title=probes/readiness-probe%3A fail error 0 plain,file=k8s/a deployment.yaml,line=7,col=3::A message with plain.%0AWhere: k8s/a deployment.yaml:7:3%0AObserved: plain%0AExpected: plain%0AFix: plain%0ASee: https://kubernetes.io/docs/concepts/_x_/',
    );
    expect(lines.at(-1)).toBe(
      '::error title=qna-ready validate::Not ready: 12 passed, 12 failed, 12 unknown, 12 not applicable, 12 waived (exit code 1).',
    );
    expect(await told('github', EMPTY_REPORT)).toMatch(/^::notice title=qna-ready validate::Ready: /);
  });

  it('is for GitLab an issue of its own fingerprint for each open finding and gap', async () => {
    const issues = JSON.parse(await told('gitlab', report)) as { fingerprint: string }[];
    expect(issues).toHaveLength(open.length + 2);
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
    expect(await told('gitlab', EMPTY_REPORT)).toBe('[]\n');
  });

  it.each(['markdown', 'html', 'text'] as const)('is in %s each item and each open finding', async (format) => {
    const text = await told(format, report);
    for (const { id } of report.items) expect(text).toContain(id);
    for (const { subject } of open) expect(text).toContain(subject);
    expect(text).not.toContain('pass error 0 plain\n');
    expect(text).toContain('Not ready');
  });

  it('makes no markup, script, link or mention out of the input', async () => {
    for (const words of HOSTILE_WORDS) {
      const html = await told('html', fullReport(words), true);
      // One script, which is the page's own.
      expect(html.match(/<(?:script|img|testcase|iframe)/gi)).toEqual(['<script']);
      const markdown = await told('markdown', fullReport(words), true);
      const outsideCode = markdown.replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '');
      expect(outsideCode).not.toMatch(/<(?:script|img)|(?<!\\)\[|@everyone/);
    }
  });
});
