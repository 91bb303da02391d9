import { describe, expect, it } from 'vitest';
import { judgeFormat } from '../../src/checks/metrics/judge-format.ts';
import { metricsMovesCheck } from '../../src/checks/metrics/moves/check.ts';
import type { Exchange } from '../../src/core/endpoint-facts.ts';
import type { Facts } from '../../src/core/facts.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import { effectOf, FAULTS } from '../../src/prometheus/fault-meanings.ts';
import { PAGE_LIMITS } from '../../src/prometheus/limits.ts';

const OPENMETRICS = 'application/openmetrics-text; version=1.0.0';

function answer(body: string, contentType = 'text/plain; version=0.0.4'): Exchange {
  const headers = { 'content-type': contentType };
  return { request: 'GET http://h/metrics', status: 200, headers, body, truncated: false, durationMs: 1 };
}

function severities(body: string, contentType?: string): readonly (string | undefined)[] {
  return judgeFormat(answer(body, contentType)).map(({ severity }) => severity);
}

describe('a fault of a page', () => {
  it('has a source', () => {
    for (const { source } of Object.values(FAULTS)) expect(source).toMatch(/^https:\/\//);
  });

  it('weighs as much as what Prometheus makes of it', () => {
    expect(severities('a foo\n')).toEqual(['error']);
    expect(severities('# TYPE a_total counter\na_total -1\n')).toEqual(['error']);
    expect(severities('a 1')).toEqual(['warning']);
  });

  it('may weigh more in OpenMetrics than in the text format', () => {
    expect(effectOf('missing-comma', 'text')).toBe('tolerated');
    expect(severities('a{b="1" c="2"} 1\n')).toEqual(['warning']);
    expect(severities('a{b="1"c="2"} 1\n# EOF\n', OPENMETRICS)).toEqual(['error']);
  });

  it('counts beyond the ones that are told, by the worst among them', () => {
    const tolerated = Array.from({ length: 12 }, (_, n) => `a${n} 1 \n`).join('');
    expect(severities(tolerated).at(-1)).toBe('warning');
    expect(severities(`${tolerated}b foo\n`).at(-1)).toBe('error');
  });
});

describe('a page that is too large to be kept', () => {
  const body = Array.from({ length: PAGE_LIMITS.samplesOfFamily + 2 }, (_, n) => `a{b="${n}"} 1\n`).join('');

  it('does not pass: its rest is unknown', () => {
    expect(judgeFormat(answer(body)).map(({ outcome, observed }) => [outcome, observed])).toEqual([
      ['unknown', `2 of ${PAGE_LIMITS.samplesOfFamily + 2} samples left out`],
    ]);
  });

  it('is not compared with another, where what moved may have been left out', () => {
    const metricsActivity = { before: answer(body), after: answer(body), sent: [] };
    const verdicts = metricsMovesCheck.evaluate({ metricsActivity } as unknown as Facts, DEFAULT_SETTINGS);
    expect(verdicts.map(({ outcome }) => outcome)).toEqual(['unknown']);
  });

  it('has no sample called missing that may be among the rest', () => {
    const buckets = Array.from({ length: PAGE_LIMITS.samplesOfFamily }, (_, n) => `d_bucket{le="${n}"} ${n}\n`).join(
      '',
    );
    const page = `# TYPE d histogram\n${buckets}d_bucket{le="+Inf"} 1000000\nd_sum 1\nd_count 1000000\n`;
    expect(judgeFormat(answer(page)).map(({ outcome }) => outcome)).toEqual(['unknown']);
  });
});
