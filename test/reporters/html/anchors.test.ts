import { expect, it } from 'vitest';
import { anchorsOf } from '../../../src/reporters/html/anchors.ts';
import { pageOf } from './browser.ts';
import { manyFindings, wholeReport } from './page-reports.ts';

const idsOf = (html: string) => [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);

it('an address of a finding is the same in every report, whatever else is in it', () => {
  const { findings } = manyFindings(1000);
  const all = anchorsOf(findings);
  expect(anchorsOf(findings.slice(500)).get(findings[700]?.id ?? '')).toBe(all.get(findings[700]?.id ?? ''));
  expect(
    anchorsOf([{ id: 'probes/readiness-probe@files#Deployment prod/qna' }])
      .values()
      .next().value,
  ).toBe('finding-1xx8t716dem');
});

it('of twenty thousand findings each has an address of its own', () => {
  const { findings } = manyFindings(20_000);
  expect(new Set(anchorsOf(findings).values()).size).toBe(new Set(findings.map(({ id }) => id)).size);
});

it('no two parts of a page have the same name, and every link within it leads somewhere', async () => {
  const html = await pageOf(wholeReport('plain'));
  const ids = idsOf(html);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, target] of html.matchAll(/ href="#([^"]+)"/g)) expect(ids).toContain(target);
});

it('a thousand findings, of which a quarter fails, make a page of less than 300 kB', async () => {
  expect(Buffer.byteLength(await pageOf(manyFindings(1000)))).toBeLessThan(300_000);
});
