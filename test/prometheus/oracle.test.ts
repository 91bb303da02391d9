import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkStructure } from '../../src/prometheus/check-structure.ts';
import { judgeContentType } from '../../src/prometheus/content-type.ts';
import type { Exposition, ExpositionFormat } from '../../src/prometheus/exposition.ts';
import { effectOf, FAULTS } from '../../src/prometheus/fault-meanings.ts';
import { checkNaming } from '../../src/prometheus/naming-rules.ts';
import { parseExposition, readExposition } from '../../src/prometheus/parse-exposition.ts';
import { readFloat } from '../../src/prometheus/read-number.ts';
import { askOracle, type OracleAnswer } from './ask-oracle.ts';
import { FAULTY_OPENMETRICS, FAULTY_TEXT } from './faulty-pages.ts';
import { checkMetrics, findExpositionOracle, findPromtool, NO_ORACLE, NO_PROMTOOL } from './find-promtool.ts';
import { brokenPage, wellFormedPage } from './generate-pages.ts';
import { CONTENT_TYPES, KNOWN_OPENMETRICS, KNOWN_TEXT } from './known-pages.ts';

const ORACLE = await findExpositionOracle();
const PROMTOOL = await findPromtool();
const SEED = Number(process.env.ORACLE_SEED ?? 20_261_130);
const PAGES = Number(process.env.ORACLE_PAGES ?? 3000);
const CONTENT_TYPE = { text: 'text/plain; version=1.0.0', openmetrics: 'application/openmetrics-text; version=1.0.0' };

/** Half of them as client libraries write them, half of them broken. */
function pagesIn(format: ExpositionFormat): readonly string[] {
  const half = { seed: SEED, numRuns: PAGES / 2 };
  return [...fc.sample(wellFormedPage(format), half), ...fc.sample(brokenPage(format), half)];
}

interface Opinion {
  readonly scrape: 'refused' | 'taken' | 'either';
  /** Undefined where a line was read differently, so that there is nothing to compare. */
  readonly series: readonly string[] | undefined;
  readonly promtool: 'refused' | 'read' | 'either';
  /** Undefined where promtool takes another type for the family than we can. */
  readonly findings: readonly string[] | undefined;
}

/** What we say that Prometheus and promtool make of a page. */
function opinionOn(text: string, format: ExpositionFormat): Opinion {
  const page = parseExposition(text, format);
  const faults = [...page.faults, ...checkStructure(page)];
  const has = (...codes: readonly string[]) => faults.some(({ code }) => codes.includes(code));
  // Where a quote is not closed, what Prometheus makes of the page hangs on the next one, lines later.
  const readsOn = has('unterminated-name') || (format === 'text' && has('unterminated-label-value'));
  const refused = faults.some(({ code }) => effectOf(code, format) === 'refused');
  // promtool knows the names of the format 0.0.4 only, and mixes up the labels of a sample whose name stands among them with
  // those of the sample before; in a histogram it panics.
  const isModern = /^[ \t]*\{/m.test(text) || namesOf(page).some((name) => !/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name));
  // And a quote in a bare name opens a quoted part of it there.
  const hasOddQuote = /^[ \t]*(?:#[ \t]*(?:HELP|TYPE)[ \t]+)?[\w:]*"|[{,][ \t]*[a-zA-Z_]\w*"/m.test(text);
  const varies = isModern || hasOddQuote || faults.some(({ code }) => FAULTS[code].promtool === 'varies');
  const unread = faults.some(({ code }) => FAULTS[code].promtool === 'refused');
  return {
    scrape: readsOn ? 'either' : refused ? 'refused' : 'taken',
    series: readsOn || has('leading-blank') ? undefined : seriesOf(page),
    promtool: varies ? 'either' : unread ? 'refused' : 'read',
    findings: has('misspelt-type')
      ? undefined
      : distinct(checkNaming(page).map(({ metric, text }) => `${metric} ${text}`)),
  };
}

function namesOf({ families }: Exposition): readonly string[] {
  const labels = families.flatMap(({ samples }) => samples.flatMap((sample) => sample.labels));
  return [...families, ...labels].map(({ name }) => name);
}

function seriesOf(page: Exposition): readonly string[] {
  return sorted(
    page.families.flatMap(({ samples }) =>
      samples.map(({ name, labels, value, timestamp }) =>
        shownSeries(
          [['__name__', name], ...labels.map((label) => [label.name, label.value] as const)],
          value,
          timestamp === undefined ? undefined : page.format === 'text' ? timestamp : Math.trunc(timestamp * 1000),
        ),
      ),
    ),
  );
}

function seriesOfAnswer({ series }: OracleAnswer): readonly string[] {
  return sorted(
    series.map(({ labels, value, timestamp }) =>
      shownSeries(Object.entries(labels), readFloat(value), timestamp ?? undefined),
    ),
  );
}

/** Bounds and quantiles are one number however they are written (`01_0` is one to Go), and an empty label is none. */
function shownSeries(
  labels: readonly (readonly [string, string])[],
  value: number | undefined,
  timestamp: number | undefined,
): string {
  const told = labels
    .filter(([, text]) => text !== '')
    .map(([name, text]) => {
      const bound = name === 'le' || name === 'quantile' ? readFloat(text.replaceAll('_', '')) : undefined;
      return [name, bound === undefined ? text : String(bound)];
    });
  // Beyond what both can hold, each rounds in its own way.
  const at = timestamp !== undefined && Math.abs(timestamp) > Number.MAX_SAFE_INTEGER ? 'far' : timestamp;
  return JSON.stringify([told.sort(([a = ''], [b = '']) => (a < b ? -1 : 1)), String(value), at]);
}

/** promtool tells some findings once for each sample. */
function distinct(texts: readonly string[]): readonly string[] {
  return sorted([...new Set(texts)]);
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...texts].sort();
}

/** A page on which we and Prometheus do not agree. */
interface Difference {
  readonly page: string;
  readonly what: string;
  readonly ours: unknown;
  readonly theirs: unknown;
  readonly faults: readonly string[];
}

function differencesOn(page: string, format: ExpositionFormat, answer: OracleAnswer): readonly Difference[] {
  const opinion = opinionOn(page, format);
  const told = (what: string, ours: unknown, theirs: unknown): readonly Difference[] =>
    JSON.stringify(ours) === JSON.stringify(theirs)
      ? []
      : [{ page, what, ours, theirs, faults: parseExposition(page, format).faults.map(({ code }) => code) }];
  const scrape = answer.scrape === '' ? 'taken' : 'refused';
  const verdict = opinion.scrape === 'either' ? [] : told('verdict of the scrape', opinion.scrape, scrape);
  const isSame = opinion.series === undefined || scrape === 'refused';
  const series = isSame ? [] : told('series', opinion.series, seriesOfAnswer(answer));
  if (format === 'openmetrics') return [...verdict, ...series];
  const read = answer.promtool === '' ? 'read' : 'refused';
  const readable = opinion.promtool === 'either' ? [] : told('verdict of promtool', opinion.promtool, read);
  const criticises = opinion.findings !== undefined && opinion.promtool === 'read' && read === 'read';
  const findings = criticises ? told('findings', opinion.findings, distinct(answer.findings)) : [];
  return [...verdict, ...series, ...readable, ...findings];
}

describe.skipIf(ORACLE === undefined)(`against Prometheus' own packages (skipped where ${NO_ORACLE})`, () => {
  it.each(['text', 'openmetrics'] as const)(
    'the same pages in the format %s are refused, the same series read and the same names criticised',
    (format) => {
      const faulty = format === 'text' ? FAULTY_TEXT : FAULTY_OPENMETRICS;
      const known = [
        ...(format === 'text' ? KNOWN_TEXT : KNOWN_OPENMETRICS),
        ...Object.values(faulty)
          .map(([page]) => page)
          // In a string this stands for damage, in the bytes that are sent for itself.
          .filter((page) => !page.includes('\uFFFD')),
      ];
      const pages = [...known, ...pagesIn(format)];
      const contentType = CONTENT_TYPE[format];
      const answers = askOracle(
        ORACLE ?? '',
        pages.map((page) => ({ page, contentType })),
      );
      const differences = pages.flatMap((page, index) => differencesOn(page, format, answers[index] as OracleAnswer));
      expect(differences.slice(0, 3)).toEqual([]);
      // What is left open must stay the exception, and both answers must occur.
      const opinions = pages.map((page) => opinionOn(page, format));
      const share = (count: number) => count / pages.length;
      expect(share(opinions.filter(({ scrape }) => scrape === 'either').length)).toBeLessThan(0.1);
      expect(share(opinions.filter(({ scrape }) => scrape === 'refused').length)).toBeGreaterThan(0.15);
      expect(share(opinions.filter(({ scrape }) => scrape === 'taken').length)).toBeGreaterThan(0.4);
      expect(share(opinions.filter(({ promtool }) => promtool === 'either').length)).toBeLessThan(0.35);
    },
    60_000,
  );

  it('the same bytes that are no UTF-8 make a page refused', async () => {
    const encoded = [
      'a{b="?"} 1\n',
      '# HELP a ?\na 1\n',
      '# c ?\na 1\n',
      'a? 1\n',
      '{"a?"} 1\n',
      '{"a","b?"="1"} 1\n',
      '# TYPE a ?\n',
    ];
    const sequences = [
      [0xff],
      [0x80],
      [0xc3],
      [0xe2, 0x82],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xef, 0xbf, 0xbd],
    ];
    const pages = encoded.flatMap((page) =>
      sequences.map((sequence) =>
        Uint8Array.from([...page].flatMap((character) => (character === '?' ? sequence : character.charCodeAt(0)))),
      ),
    );
    const answers = askOracle(
      ORACLE ?? '',
      pages.map((page) => ({ page, contentType: CONTENT_TYPE.text })),
    );
    for (const [index, page] of pages.entries()) {
      const { faults } = await readExposition([page], 'text');
      const isRefused = faults.some(({ code }) => effectOf(code, 'text') === 'refused');
      expect(isRefused, JSON.stringify([Buffer.from(page).toString('latin1'), faults])).toBe(
        answers[index]?.scrape !== '',
      );
    }
  });

  it('the same Content-Types are read as the same formats', () => {
    const types = fc.sample(CONTENT_TYPES, { seed: SEED, numRuns: 1000 });
    const answers = askOracle(
      ORACLE ?? '',
      types.map((contentType) => ({ page: '', contentType })),
    );
    const differences = types.flatMap((contentType, index) => {
      const verdict = judgeContentType(contentType);
      const ours = verdict.accepted ? verdict.format : '';
      const theirs = answers[index]?.format;
      return ours === theirs ? [] : [{ contentType, ours, theirs }];
    });
    expect(differences).toEqual([]);
  });

  it.skipIf(PROMTOOL === undefined)(
    `which is what promtool itself says (skipped where ${NO_PROMTOOL})`,
    () => {
      const pages = fc.sample(brokenPage('text'), { seed: SEED, numRuns: 40 });
      const answers = askOracle(
        ORACLE ?? '',
        pages.map((page) => ({ page, contentType: CONTENT_TYPE.text })),
      );
      for (const [index, page] of pages.entries()) {
        const { status, output } = checkMetrics(PROMTOOL ?? '', page);
        const { promtool = '', findings = [] } = answers[index] ?? {};
        // Go ends a panic with 2.
        const expected = promtool.startsWith('panic') ? 2 : promtool !== '' ? 1 : findings.length > 0 ? 3 : 0;
        expect([status, status === 3 ? output.trim().split('\n') : []], page).toEqual([expected, findings]);
      }
    },
    60_000,
  );
});
