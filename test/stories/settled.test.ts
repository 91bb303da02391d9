import { describe, expect, it } from 'vitest';
import { isSameMoment, type Part, restlessIn, type Scene } from '../cluster/scenarios/settled.ts';
import { STORY_KINDS, type StoryKind, type StoryObject } from '../cluster/scenarios/story-object.ts';

/** A service of two pods and its database, behind an edge with a certificate, all at rest. */
const AT_REST = {
  deployments: [workload('qna', 2, { replicas: 2, updatedReplicas: 2, availableReplicas: 2 })],
  statefulsets: [workload('db', 1, { replicas: 1, readyReplicas: 1, updatedReplicas: 1 })],
  pods: [pod('qna-a', 'True'), pod('qna-b', 'True'), pod('db-0', 'True')],
  endpointslices: [slice({ 'qna-a': true, 'qna-b': true })],
  services: [object('qna', {})],
  certificates: [object('tls', { status: conditions('Ready', 'True') })],
  ingresses: [object('qna', { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } })],
  gateways: [object('edge', { status: conditions('Programmed', 'True') })],
};

describe('an application of the stories', () => {
  it('is at rest when all is ready, and when a job has ended', () => {
    const job = pod('backup', 'False', { phase: 'Succeeded' });
    expect(restlessIn(scene({}))).toEqual([]);
    expect(restlessIn(scene({ pods: [...AT_REST.pods, job] }))).toEqual([]);
  });

  const down = [workload('qna', 2, { replicas: 2, updatedReplicas: 2 })];
  it.each<[string, Partial<Record<StoryKind, readonly StoryObject[]>>, Part | undefined, readonly string[]]>([
    [
      'a pod of the service lost its database',
      { deployments: [workload('qna', 2, { replicas: 2, updatedReplicas: 2, availableReplicas: 1 })] },
      undefined,
      ['deployments/qna wants 2 pods, which is not the number of its availableReplicas.'],
    ],
    ['the service is lost', { deployments: down }, 'service', []],
    [
      'the service is lost with its database',
      { deployments: down, statefulsets: [workload('db', 1, {})] },
      'database',
      [],
    ],
    [
      'the database is lost where only the service may be',
      { statefulsets: [workload('db', 1, { replicas: 1, updatedReplicas: 1 })] },
      'service',
      ['statefulsets/db wants 1 pods, which is not the number of its readyReplicas.'],
    ],
    [
      'a controller has not seen the change',
      { deployments: [workload('qna', 2, { replicas: 2, updatedReplicas: 2, availableReplicas: 2 }, 7)] },
      undefined,
      ['deployments/qna has a controller that has not seen it.'],
    ],
    [
      'a pod leaves',
      { pods: [...AT_REST.pods, pod('qna-c', 'True', {}, '2026-11-30T00:00:00Z')] },
      'service',
      ['pods/qna-c is on its way out.'],
    ],
    [
      'the addresses are behind the pods',
      { endpointslices: [slice({ 'qna-a': true, 'qna-b': false })] },
      undefined,
      ['endpointslices/qna-x is behind the pods.'],
    ],
    [
      'the Service calls every pod ready',
      {
        endpointslices: [slice({ 'qna-a': true, 'qna-b': false })],
        services: [object('qna', { spec: { publishNotReadyAddresses: true } })],
      },
      undefined,
      [],
    ],
    [
      'the certificate is on its way',
      { certificates: [object('tls', {})] },
      undefined,
      ['certificates/tls is not issued.'],
    ],
    ['the certificate never comes', { certificates: [object('tls', {})] }, 'certificate', []],
    [
      'the edge has not answered',
      { ingresses: [object('qna', { status: { loadBalancer: {} } })], gateways: [object('edge', {})] },
      undefined,
      ['gateways/edge is not programmed.', 'ingresses/qna has no address.'],
    ],
    ['the edge never answers', { ingresses: [object('qna', {})], gateways: [object('edge', {})] }, 'edge', []],
  ])('when %s', (_, change, lost, expected) => {
    expect([...restlessIn(scene(change), lost)].sort()).toEqual(expected);
  });

  it('was changed when an object was written, came or went', () => {
    expect(isSameMoment(scene({}), scene({}))).toBe(true);
    for (const pods of [
      [],
      [{ ...pod('qna-a', 'True'), metadata: { ...object('qna-a', {}).metadata, resourceVersion: '2' } }],
    ])
      expect(isSameMoment(scene({}), scene({ pods }))).toBe(false);
  });
});

function scene(change: Partial<Record<StoryKind, readonly StoryObject[]>>): Scene {
  const nothing = Object.fromEntries(STORY_KINDS.map((kind) => [kind, []])) as unknown as Scene;
  return { ...nothing, ...AT_REST, ...change };
}

function object(name: string, rest: object, metadata: object = {}): StoryObject {
  return { metadata: { name, uid: name, resourceVersion: '1', ...metadata }, ...rest };
}

function workload(name: string, replicas: number, status: object, generation = 1): StoryObject {
  return object(name, { spec: { replicas }, status: { observedGeneration: 1, ...status } }, { generation });
}

function pod(name: string, ready: string, status: object = {}, deletionTimestamp?: string): StoryObject {
  const metadata = deletionTimestamp === undefined ? {} : { deletionTimestamp };
  return object(name, { status: { phase: 'Running', ...conditions('Ready', ready), ...status } }, metadata);
}

function slice(ready: Readonly<Record<string, boolean>>): StoryObject {
  const endpoints = Object.entries(ready).map(([uid, is]) => ({ conditions: { ready: is }, targetRef: { uid } }));
  return object('qna-x', { endpoints }, { labels: { 'kubernetes.io/service-name': 'qna' } });
}

function conditions(type: string, status: string): object {
  return { conditions: [{ type, status }] };
}
