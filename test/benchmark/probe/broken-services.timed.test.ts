import { afterAll, describe, expect, it } from 'vitest';
import { SECTIONS } from '../../../src/checklist/index.ts';
import { CHECKS } from '../../../src/checks/index.ts';
import { type EdgeCredentials, makeEdgeCredentials } from './edge.ts';
import type { Fault } from './fault.ts';
import { FAULTS } from './faults/index.ts';
import { type Judgement, judgeService, leavesItemOpen, type Subject, verdictOf, wordOf } from './judge.ts';
import { CannotStand } from './start-service.ts';

const ALL = Object.values(FAULTS).flat();

let kept: EdgeCredentials | undefined;
const credentials = () => {
  kept ??= makeEdgeCredentials();
  return kept;
};
afterAll(() => kept?.[Symbol.dispose]());

describe('the good service of the benchmark', () => {
  const ways: Readonly<Record<string, Subject>> = {
    'over plain HTTP': {},
    'with a question': { asks: true },
    'behind TLS': { edge: {}, asks: true },
    'behind TLS on the ports of the web': { edge: { plain: 'redirects' } },
  };
  it.for(Object.entries(ways))('is ready %s', async ([, subject], { skip }) => {
    const judgement = await judged(subject, skip);
    expect(judgement.remarks.map(({ check, message }) => `${check}: ${message}`)).toEqual([]);
    expect(judgement.exitCode).toBe(0);
  });
});

describe.concurrent.each(Object.entries(FAULTS))('%s', (_topic, faults) => {
  // Most of them wait for the network, and few for a clock.
  it.for(faults.map((fault) => [fault.name, fault] as const))('%s', async ([, fault], { expect, skip }) => {
    const judgement = await judged(fault, skip);
    const words = judgement.remarks.map(
      ({ outcome, check, message, observed }) => `${outcome} ${check}: ${message} (${observed})`,
    );
    const verdict = verdictOf(fault, judgement);
    expect(wordOf(verdict), words.join('\n')).toBe(fault.check);
    expect(leavesItemOpen(verdict), `item ${fault.item} is ${verdict.item}`).toBe(true);
  });
});

describe('the table of faults', () => {
  it('names each fault once', () => {
    expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length);
  });

  it('names checks and items that there are', () => {
    const checks = new Set(CHECKS.map(({ id }) => id));
    const items = new Set(SECTIONS.flatMap((section) => section.items.map(({ id }) => id)));
    const wrong = ALL.filter(
      ({ check, item }) =>
        (check !== 'missed' && !checks.has(check.replace(/^unknown:/, ''))) || (item !== '–' && !items.has(item)),
    );
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  it('breaks something in each', () => {
    const idle = ALL.filter(({ breaks, edge }: Fault) => breaks === undefined && edge === undefined);
    expect(idle).toEqual([]);
  });
});

async function judged(subject: Subject, skip: (reason: string) => never): Promise<Judgement> {
  try {
    return await judgeService(subject, credentials);
  } catch (error) {
    if (error instanceof CannotStand) skip(error.message);
    throw error;
  }
}
