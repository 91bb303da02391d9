import { describe, expect, it } from 'vitest';
import { type Progress, tellProgress } from '../../src/commands/progress.ts';
import type { ProgressStep } from '../../src/sources/cluster/cluster-source.ts';

const STEP: ProgressStep = { fact: 'deployments', isList: true, objects: 4, milliseconds: 230, requests: 3 };
const REFUSED: ProgressStep = {
  fact: 'secrets',
  isList: true,
  reason: 'secrets is forbidden',
  milliseconds: 20,
  requests: 5,
};
const PODS: ProgressStep = { fact: 'pods', isList: false, objects: 9, milliseconds: 0, requests: 5 };

/** An observation whose clock the test moves. */
function watched(world: {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly verbose?: boolean;
  readonly progress?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}) {
  const written: string[] = [];
  let nowMs = 1_000_000;
  const progress: Progress = tellProgress(
    {
      stderr: {
        write: (text) => void written.push(text),
        isTTY: world.isTTY ?? false,
        columns: world.columns,
      },
      now: () => new Date(nowMs),
      env: world.env ?? {},
      ...(world.progress === undefined ? {} : { progress: world.progress }),
    },
    world.verbose ?? false,
  );
  const pass = (milliseconds: number) => {
    nowMs += milliseconds;
  };
  return { progress, text: () => written.join(''), pass };
}

describe('the progress of an observation', () => {
  it('is silent where nobody sits, as long as it is quick', () => {
    const { progress, text } = watched({});
    for (const step of [STEP, REFUSED, PODS]) progress.of(undefined)(step);
    progress.end();
    expect(text()).toBe('');
  });

  it('is a line for each kind once it takes more than two seconds, with those before', () => {
    const { progress, text, pass } = watched({});
    progress.of(undefined)(STEP);
    pass(1_999);
    progress.of(undefined)(PODS);
    expect(text()).toBe('');
    pass(1);
    progress.of('eu')(REFUSED);
    progress.end();
    expect(text()).toBe('  deployments: 4 in 0.2 s\n  pods: 9 in 0.0 s\n  eu: secrets: secrets is forbidden\n');
  });

  it('is told at once, with the sum of it, where somebody asked for all', () => {
    const { progress, text, pass } = watched({ verbose: true });
    progress.of(undefined)(STEP);
    expect(text()).toBe('  deployments: 4 in 0.2 s\n');
    progress.of(undefined)(PODS);
    progress.of(undefined)(REFUSED);
    pass(1_200);
    progress.end();
    expect(text()).toMatch(/\n {2}4 objects of 2 kinds with 5 requests in 1\.2 s\.\n$/);
  });

  it('is one line at a terminal, which never breaks and is gone at the end', () => {
    const columns = 40;
    const { progress, text, pass } = watched({ isTTY: true, columns });
    pass(500);
    progress.of('eu')({ ...STEP, fact: 'horizontalPodAutoscalers' });
    progress.of('us')({ ...STEP, objects: 1, requests: 2 });
    pass(2_000);
    progress.end();
    const drawn = text().split('\r\u001b[K').slice(1);
    expect(drawn).toHaveLength(3);
    for (const line of drawn.slice(0, -1)) expect(line.length).toBeLessThan(columns);
    expect(drawn[0]).toBe('4 objects of 1 kind with 3 requests; e…');
    expect(drawn.at(-1)).toBe('  5 objects of 2 kinds with 5 requests in 2.5 s.\n');
  });

  it('is nothing at a terminal in the first half of a second', () => {
    const { progress, text, pass } = watched({ isTTY: true });
    progress.of(undefined)(STEP);
    pass(499);
    progress.of(undefined)(PODS);
    progress.end();
    expect(text()).toBe('');
  });

  it('is in lines of their own at a terminal that can write none anew', () => {
    const { progress, text, pass } = watched({ isTTY: true, env: { TERM: 'dumb' } });
    pass(2_000);
    progress.of(undefined)(STEP);
    progress.end();
    expect(text()).toBe('  deployments: 4 in 0.2 s\n');
  });

  it('is nothing where nobody wants it, however long it takes', () => {
    const { progress, text, pass } = watched({ isTTY: true, progress: false });
    pass(60_000);
    progress.of(undefined)(STEP);
    progress.end();
    expect(text()).toBe('');
  });

  it('says nothing of an observation that never began', () => {
    const { progress, text } = watched({ isTTY: true });
    progress.end();
    expect(text()).toBe('');
  });
});
