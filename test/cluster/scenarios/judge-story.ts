import type { ExpectStatic } from 'vitest';
import type { ReportFinding } from '../../../src/core/report.ts';
import type { Judged, Stage } from './stage.ts';
import type { BrokenStory, Touched } from './story.ts';

/** Breaks what was raised, proves the fault, and demands the right verdicts; `probe` asks where a story wants that. */
export async function judgeStory(
  stage: Stage,
  story: BrokenStory,
  healthy: Touched,
  expect: ExpectStatic,
  probe: (stage: Stage, story: BrokenStory) => Promise<Judged>,
): Promise<void> {
  try {
    await happen(stage, story);
    const audit = await whenBroken(stage, story, () => stage.audit());
    const judged = story.verdict.by === 'probe' ? await probe(stage, story) : audit;

    if (story.verdict.by === 'nobody yet') expect(['todo', 'unknown']).toContain(statesOf(judged)[story.item]);
    else expect(said(judged, story.verdict.check), told(judged)).toMatch(story.verdict.says);
    const touched: Touched = story.verdict.by === 'audit' ? { [story.item]: 'todo' } : {};
    const expected = asExpected({ ...healthy, ...story.alsoTouches, ...touched }, expect);
    expect(statesOf(audit), told(audit)).toEqual(expected);
    expect(judged.exitCode).toBe(1);
    if (story.secret !== undefined) expect(audit.text + judged.text).not.toContain(story.secret);
  } finally {
    await stage.leave();
  }
}

/** Lets happen what breaks the application, when all that can be ready with the story is ready. */
export async function happen(stage: Stage, story: BrokenStory): Promise<void> {
  await stage.ready(story.neverReady);
  await story.happen?.(stage);
}

/** Acts when the fault is proven, and all that it leaves alone is ready and at rest. */
export function whenBroken<T>(stage: Stage, story: BrokenStory, act: () => Promise<T>): Promise<T> {
  const { tells, loses, neverReady } = story;
  return stage.atRest({ tells, lost: loses ?? neverReady, proven: () => story.proven(stage) }, act);
}

/** Audits an application with which nothing is wrong. */
export function auditHealthy(stage: Stage): Promise<Judged> {
  return stage.atRest({ tells: 'Nothing is broken.' }, () => stage.audit());
}

/** The state of each item, by its id. */
export function statesOf({ report }: Judged): Readonly<Record<string, string>> {
  return Object.fromEntries(report.items.map(({ id, state }) => [id, state]));
}

/** All that did not pass, for whoever reads a failed test. */
export function told({ report }: Judged): string {
  return report.findings
    .filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown')
    .map(line)
    .join('\n');
}

/** What the failed findings of a check say, a line for each. */
function said({ report }: Judged, check: string): string {
  return report.findings
    .filter((finding) => finding.check === check && finding.outcome === 'fail')
    .map(line)
    .join('\n');
}

function asExpected(states: Touched, expect: ExpectStatic): object {
  return Object.fromEntries(
    Object.entries(states).map(([id, state]) => [id, typeof state === 'string' ? state : expect.toBeOneOf([...state])]),
  );
}

function line({ check, outcome, subject, message, observed }: ReportFinding): string {
  return `${outcome} ${check} ${subject}: ${message} ${observed ?? ''}`;
}
