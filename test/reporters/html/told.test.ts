import { expect, it } from 'vitest';
import type { ReportFinding } from '../../../src/core/report.ts';
import { EMPTY_REPORT } from '../reports.ts';
import { pageOf } from './browser.ts';
import { wholeReport } from './page-reports.ts';

const finding = (subject: string, more: Partial<ReportFinding>): ReportFinding => ({
  id: `probes/readiness-probe@cluster#${subject}`,
  check: 'probes/readiness-probe',
  item: '2.3',
  source: 'cluster',
  outcome: 'fail',
  severity: 'error',
  subject,
  message: 'It has no readinessProbe.',
  ...more,
});
const told = (...findings: readonly ReportFinding[]) => pageOf({ ...EMPTY_REPORT, findings });
const timesIn = (html: string, words: string) => html.split(words).length - 1;

it('what a check says of many objects alike is said once, and each object has its place and its command', async () => {
  const html = await told(
    ...['a', 'b', 'c'].map((name) =>
      finding(`Deployment ${name}`, {
        observed: 'no probe',
        fix: 'Add one.',
        command: `kubectl get deployment ${name}`,
        where: { object: `Deployment ${name}`, path: 'spec.template' },
      }),
    ),
  );
  for (const words of ['It has no readinessProbe.', 'no probe', 'Add one.']) expect(timesIn(html, words)).toBe(1);
  expect(timesIn(html, '<small>spec.template</small>')).toBe(3);
  for (const name of ['a', 'b', 'c']) expect(html).toContain(`<code>kubectl get deployment ${name}</code>`);
});

it('a failure that is mended in a way of its own says so', async () => {
  const html = await told(
    finding('Deployment a', { fix: 'Add one.' }),
    finding('Deployment b', { fix: 'Name its port.', docs: 'https://kubernetes.io/docs/' }),
    finding('Deployment c', { message: 'It fails.', docs: 'javascript:alert(1)' }),
  );
  for (const words of ['Add one.', 'Name its port.', '>https://kubernetes.io/docs/</a>'])
    expect(timesIn(html, words)).toBe(1);
  expect(html).not.toContain('javascript:');
});

it('what was waived says why, by whom, and how it could be mended', async () => {
  const html = await told(
    finding('Deployment a', {
      outcome: 'waived',
      fix: 'Add one.',
      command: 'kubectl get deployment a',
      waiver: { reason: 'It is a draft.', owner: 'team-qna', expires: '2027-01-01' },
    }),
  );
  for (const words of ['It is a draft. (team-qna, until 2027-01-01)', 'Add one.', 'kubectl get deployment a'])
    expect(timesIn(html, words)).toBe(1);
});

it('what passed says what was observed of each object', async () => {
  const passed = { outcome: 'pass', message: 'It has one.', expected: 'one' } as const;
  const html = await told(
    finding('Deployment a', { ...passed, observed: '/ready' }),
    finding('Deployment b', { ...passed, observed: '/health' }),
  );
  expect(timesIn(html, 'It has one.')).toBe(1);
  expect(html).toContain('Deployment a <small>observed /ready</small>');
  expect(html).toContain('Deployment b <small>observed /health</small>');
  expect(timesIn(html, '<dd>one</dd>')).toBe(1);
});

it('an item says who answers for it, and who signed it', async () => {
  const html = await pageOf(wholeReport('plain'));
  expect(timesIn(html, '<p>Owner: plain</p>')).toBe(5);
  expect(html).toContain('<p>Signed by plain on 2026-11-23 until 2027-01-01: plain</p>');
  expect(html).toContain('<p>The signature of plain of 2026-11-23 is void: plain</p>');
});
