import { beforeAll, describe, expect, it } from 'vitest';
import type { ReportFinding } from '../../../src/core/report.ts';
import { type TestCluster, useCluster } from '../use-cluster.ts';
import { createProject, type Judged, type Overlay, type Patch, prepareCluster, raise, type Stage } from './stage.ts';
import { BROKEN_STORIES } from './stories/index.ts';
import { type BrokenStory, HEALTHY, type Touched } from './story.ts';

const cluster = useCluster();

describe.skipIf(cluster?.facts.tier !== 'node')('the service with one thing broken', () => {
  if (cluster === undefined) return;

  beforeAll(() => prepareCluster(cluster), 900_000);

  it.concurrent('is done wherever a cluster can tell, with nothing broken', { timeout: 400_000 }, async () => {
    const stage = await raiseStory(cluster, 'healthy');
    try {
      await stage.ready();
      expect(statesOf(await stage.audit())).toEqual(HEALTHY);
    } finally {
      await stage.leave();
    }
  });

  it.concurrent.for(BROKEN_STORIES)('$name: $tells', { timeout: 400_000 }, async (story, { expect }) => {
    const stage = await raiseStory(cluster, story.name, story.overlay);
    try {
      if (story.neverReady !== 'database') await stage.ready(story.neverReady === 'service' ? 'database' : 'all');
      await story.happen?.(stage);
      await stage.until(`the fault is there: ${story.tells}`, () => story.proven(stage));
      const audit = await stage.audit();
      const judged = story.verdict.by === 'probe' ? await probeOf(stage, story) : audit;

      if (story.verdict.by === 'nobody yet') expect(['todo', 'unknown']).toContain(statesOf(judged)[story.item]);
      else expect(said(judged, story.verdict.check), told(judged)).toMatch(story.verdict.says);
      const touched: Touched = story.verdict.by === 'audit' ? { [story.item]: 'todo' } : {};
      expect(statesOf(audit), told(audit)).toEqual(asExpected({ ...HEALTHY, ...story.alsoTouches, ...touched }));
      expect(judged.exitCode).toBe(1);
      if (story.secret !== undefined) expect(audit.text + judged.text).not.toContain(story.secret);
    } finally {
      await stage.leave();
    }
  });
});

/** Several stories share one small node, so nobody reserves a processor. */
const CHEAP: readonly Patch[] = ['Deployment', 'StatefulSet'].map((kind) => ({
  kind,
  operations: [{ op: 'replace', path: '/spec/template/spec/containers/0/resources/requests/cpu', value: '10m' }],
}));

async function raiseStory(onto: TestCluster, name: string, { patches = [], ...overlay }: Overlay = {}): Promise<Stage> {
  const project = await createProject(`story-${name}`, `${name}.example.test`);
  return raise(onto, project, { ...overlay, patches: [...CHEAP, ...patches] });
}

function asExpected(states: Touched): object {
  return Object.fromEntries(
    Object.entries(states).map(([id, state]) => [id, typeof state === 'string' ? state : expect.toBeOneOf([...state])]),
  );
}

async function probeOf(stage: Stage, { verdict }: BrokenStory): Promise<Judged> {
  const address = await stage.read('services/qna', 'spec/clusterIP');
  const token = atob(await stage.read('secrets/qna-secrets', 'data/API_TOKENS'));
  const header = ['--header', `Authorization: Bearer ${token}`];
  return stage.probe(`http://${address}`, ...header, ...('args' in verdict ? (verdict.args ?? []) : []));
}

function statesOf({ report }: Judged): Readonly<Record<string, string>> {
  return Object.fromEntries(report.items.map(({ id, state }) => [id, state]));
}

/** What the failed findings of a check say, a line for each. */
function said({ report }: Judged, check: string): string {
  return report.findings
    .filter((finding) => finding.check === check && finding.outcome === 'fail')
    .map(line)
    .join('\n');
}

/** All that did not pass, for whoever reads a failed test. */
function told({ report }: Judged): string {
  return report.findings
    .filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown')
    .map(line)
    .join('\n');
}

function line({ check, outcome, subject, message, observed }: ReportFinding): string {
  return `${outcome} ${check} ${subject}: ${message} ${observed ?? ''}`;
}
