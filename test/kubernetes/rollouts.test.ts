import { describe, expect, it } from 'vitest';
import type { Observed, Snapshot } from '../../src/core/facts.ts';
import { rolloutsIn } from '../../src/kubernetes/rollouts.ts';
import { liveResource } from '../../src/sources/live-resource.ts';

const FACTS = { Deployment: 'deployments', StatefulSet: 'statefulSets', DaemonSet: 'daemonSets' } as const;

function rolls(kind: keyof typeof FACTS, spec: object, status: object | undefined, generation = 2): boolean {
  const object = { kind, metadata: { name: 'qna', generation }, spec, ...(status === undefined ? {} : { status }) };
  const observed: Observed<unknown> = { seen: true, value: [liveResource(object)] };
  return rolloutsIn({ facts: { [FACTS[kind]]: observed } as Snapshot['facts'] }).length > 0;
}

const observedGeneration = 2;

describe('a rollout is in progress', () => {
  it.each<readonly [string, Parameters<typeof rolls>]>([
    ['where there is no status yet', ['Deployment', {}, undefined]],
    [
      'where the controller has not seen the last change',
      ['Deployment', {}, { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 }],
    ],
    [
      'where pods are of the old version',
      ['Deployment', { replicas: 2 }, { observedGeneration, replicas: 2, updatedReplicas: 1, availableReplicas: 2 }],
    ],
    [
      'where old pods are not gone',
      ['Deployment', { replicas: 2 }, { observedGeneration, replicas: 3, updatedReplicas: 2, availableReplicas: 2 }],
    ],
    [
      'where new pods are not available',
      ['Deployment', { replicas: 2 }, { observedGeneration, replicas: 2, updatedReplicas: 2, availableReplicas: 1 }],
    ],
    [
      'where a StatefulSet has two revisions',
      [
        'StatefulSet',
        { replicas: 1 },
        { observedGeneration, readyReplicas: 1, currentRevision: 'a', updateRevision: 'b' },
      ],
    ],
    [
      'where a pod of a StatefulSet is not ready',
      [
        'StatefulSet',
        { replicas: 2 },
        { observedGeneration, readyReplicas: 1, currentRevision: 'a', updateRevision: 'a' },
      ],
    ],
    [
      'where a DaemonSet has old pods',
      [
        'DaemonSet',
        {},
        { observedGeneration, desiredNumberScheduled: 2, updatedNumberScheduled: 1, numberAvailable: 2 },
      ],
    ],
  ])('%s', (_, args) => {
    expect(rolls(...args)).toBe(true);
  });

  it.each<readonly [string, Parameters<typeof rolls>]>([
    [
      'all pods of a Deployment are new',
      ['Deployment', { replicas: 2 }, { observedGeneration, replicas: 2, updatedReplicas: 2, availableReplicas: 2 }],
    ],
    ['a Deployment wants none', ['Deployment', { replicas: 0 }, { observedGeneration }]],
    [
      'a StatefulSet has one revision',
      ['StatefulSet', {}, { observedGeneration, readyReplicas: 1, currentRevision: 'a', updateRevision: 'a' }],
    ],
    [
      'a person replaces the pods',
      [
        'StatefulSet',
        { updateStrategy: { type: 'OnDelete' } },
        { observedGeneration, readyReplicas: 1, currentRevision: 'a', updateRevision: 'b' },
      ],
    ],
    ['no node wants the DaemonSet', ['DaemonSet', {}, { observedGeneration, desiredNumberScheduled: 0 }]],
  ])('and none is where %s', (_, args) => {
    expect(rolls(...args)).toBe(false);
  });
});
