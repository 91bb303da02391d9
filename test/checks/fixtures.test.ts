import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/checks/index.ts';
import { OUTCOMES, type Outcome } from '../../src/core/check.ts';
import { runChecks } from '../../src/core/run-checks.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../src/core/settings.ts';
import { readFixture } from './read-fixture.ts';

const ROOT = join(import.meta.dirname, '../../src/checks');

/** Some questions need an owner's answer; their fixtures are judged under these settings. */
const SETTINGS: Settings = {
  ...DEFAULT_SETTINGS,
  requiredSecretKeys: ['OPENAI_API_KEY'],
  registries: ['ghcr.io/example', 'docker.io/library'],
};

/** What a fixture's verdicts must be, by the first words of its name. */
const EXPECTED: Readonly<Record<string, (outcomes: ReadonlySet<Outcome>) => boolean>> = {
  pass: (outcomes) => outcomes.has('pass') && !outcomes.has('fail') && !outcomes.has('unknown'),
  fail: (outcomes) => outcomes.has('fail'),
  'not-applicable': (outcomes) => outcomes.size === 1 && outcomes.has('not-applicable'),
  unknown: (outcomes) => outcomes.size === 1 && outcomes.has('unknown'),
};

describe.each(CHECKS.map((check) => [check.id, check] as const))('%s', (id, check) => {
  const folder = join(ROOT, id, 'fixtures');
  const fixtures = existsSync(folder) ? readdirSync(folder).sort() : [];

  it('has a fixture that passes, one that fails and one that cannot be seen', () => {
    const verdicts = new Set(fixtures.map(verdictOf));
    expect([...verdicts]).toEqual(expect.arrayContaining(['pass', 'fail', 'unknown']));
  });

  it.each(fixtures)('judges %s as its name says', async (fixture) => {
    const snapshot = await readFixture(join(folder, fixture), check);
    const judgements = [...runChecks([check], [snapshot], SETTINGS)];
    const outcomes = new Set<Outcome>(judgements.map(({ outcome }) => outcome));
    const told = judgements.map(({ outcome, subject, message }) => `${outcome} ${subject}: ${message}`).join('\n');
    expect(EXPECTED[verdictOf(fixture)]?.(outcomes), told).toBe(true);
  });

  it('gives evidence with every failure', async () => {
    for (const fixture of fixtures.filter((name) => verdictOf(name) === 'fail')) {
      const snapshot = await readFixture(join(folder, fixture), check);
      for (const judgement of runChecks([check], [snapshot], SETTINGS)) {
        if (judgement.outcome !== 'fail') continue;
        expect(judgement, fixture).toMatchObject({ observed: expect.any(String), expected: expect.any(String) });
        expect(judgement.where, fixture).toBeDefined();
        expect(judgement.message, fixture).toMatch(/\.$/);
      }
    }
  });
});

function verdictOf(fixture: string): string {
  return [...OUTCOMES].sort((a, b) => b.length - a.length).find((outcome) => fixture.startsWith(outcome)) ?? fixture;
}
