import { describe, expect, it } from 'vitest';
import { type Answers, apiServer, listOf, observed, Refusal } from './api-server.ts';

const GIB = 2 ** 30;

describe('how full the claims are', () => {
  it('is asked of the nodes that run pods with claims, and of no other', async () => {
    await using server = await apiServer({
      ...LISTS,
      [summaryOf('node-a')]: summary([volume('data', 4), volume('cache', 1, 'other-team')]),
      [summaryOf('node-b')]: summary([volume('backups', 9)]),
    });
    const { volumeStats } = await observed(server, ['volumeStats']);
    expect(volumeStats).toEqual({
      seen: true,
      value: [
        { ...told('node-a', 'data', 4), expandable: true },
        { ...told('node-b', 'backups', 9), expandable: false },
      ],
    });
    const asked = server.requests.filter((request) => request.includes('/proxy/'));
    expect(asked.sort()).toEqual([`GET ${summaryOf('node-a')}`, `GET ${summaryOf('node-b')}`]);
  });

  it('is seen without the classes where they may not be listed', async () => {
    await using server = await apiServer({
      ...LISTS,
      '/apis/storage.k8s.io/v1/storageclasses': new Refusal(403, 'storageclasses is forbidden'),
      [summaryOf('node-a')]: summary([volume('data', 4)]),
      [summaryOf('node-b')]: summary([]),
    });
    expect((await observed(server, ['volumeStats'])).volumeStats).toEqual({
      seen: true,
      value: [told('node-a', 'data', 4)],
    });
  });

  it("says of a folder of the node's disk that it is one, and of a larger file system that others use it", async () => {
    const share = { ...volume('backups', 9), capacityBytes: 80 * GIB, availableBytes: 71 * GIB };
    await using server = await apiServer({
      ...LISTS,
      [summaryOf('node-a')]: { ...summary([volume('data', 4)]), node: { fs: { capacityBytes: 10 * GIB } } },
      [summaryOf('node-b')]: summary([share]),
    });
    const { volumeStats } = await observed(server, ['volumeStats']);
    expect(volumeStats).toMatchObject({
      value: [
        { claim: 'data', sharedWith: 'the node' },
        { claim: 'backups', sharedWith: 'others' },
      ],
    });
  });

  it('is told once for a claim that two pods of a node mount, and leaves out what a driver does not measure', async () => {
    const mute = { pvcRef: { namespace: 'qna', name: 'data' }, capacityBytes: 10 * GIB };
    const noInodes = { ...volume('backups', 9), inodes: 0, inodesFree: 0 };
    await using server = await apiServer({
      ...LISTS,
      [summaryOf('node-a')]: summary([mute]),
      [summaryOf('node-b')]: summary([noInodes, noInodes]),
    });
    const { inodes: _inodes, ...bytesOnly } = told('node-b', 'backups', 9);
    expect((await observed(server, ['volumeStats'])).volumeStats).toEqual({
      seen: true,
      value: [{ ...bytesOnly, expandable: false }],
    });
  });

  it('is partly seen where one node refuses, and not seen with its reason where all do', async () => {
    const forbidden = new Refusal(403, 'nodes "node-b" is forbidden: cannot get resource "nodes/proxy"');
    await using one = await apiServer({
      ...LISTS,
      [summaryOf('node-a')]: summary([volume('data', 4)]),
      [summaryOf('node-b')]: forbidden,
    });
    expect((await observed(one, ['volumeStats'])).volumeStats).toMatchObject({
      seen: true,
      value: [{ claim: 'data' }],
      incomplete: forbidden.message,
    });
    await using all = await apiServer({ ...LISTS, [summaryOf('node-a')]: forbidden, [summaryOf('node-b')]: forbidden });
    expect((await observed(all, ['volumeStats'])).volumeStats).toEqual({ seen: false, reason: forbidden.message });
  });

  it('is not taken from whatever else answers with JSON', async () => {
    const page = { title: 'Please log in' };
    await using server = await apiServer({ ...LISTS, [summaryOf('node-a')]: page, [summaryOf('node-b')]: page });
    expect((await observed(server, ['volumeStats'])).volumeStats).toMatchObject({
      seen: false,
      reason: expect.stringContaining('no summary of the kubelet'),
    });
  });
});

function summaryOf(node: string): string {
  return `/api/v1/nodes/${node}/proxy/stats/summary`;
}

function summary(volumes: readonly object[]): object {
  return { node: { fs: { capacityBytes: 250 * GIB } }, pods: [{ volume: [{ name: 'token' }] }, { volume: volumes }] };
}

function volume(name: string, usedGib: number, namespace = 'qna'): object {
  return {
    pvcRef: { name, namespace },
    usedBytes: usedGib * GIB,
    availableBytes: (10 - usedGib) * GIB,
    capacityBytes: 10 * GIB,
    inodesUsed: 100,
    inodesFree: 900,
    inodes: 1000,
  };
}

function told(node: string, claim: string, usedGib: number) {
  return {
    namespace: 'qna',
    claim,
    node,
    bytes: { used: usedGib * GIB, free: (10 - usedGib) * GIB, total: 10 * GIB },
    inodes: { used: 100, free: 900, total: 1000 },
  };
}

function pod(name: string, nodeName: string, claimName?: string, phase = 'Running'): object {
  const volumes = claimName === undefined ? [] : [{ name: 'data', persistentVolumeClaim: { claimName } }];
  return { metadata: { name, namespace: 'qna' }, spec: { nodeName, volumes }, status: { phase } };
}

function claim(name: string, storageClassName: string): object {
  return {
    metadata: { name, namespace: 'qna' },
    spec: { storageClassName },
    status: { phase: 'Bound', capacity: { storage: '10Gi' } },
  };
}

const LISTS: Answers = {
  '/api/v1/namespaces/qna/pods': listOf(
    'Pod',
    pod('db-0', 'node-a', 'data'),
    pod('reader', 'node-b', 'backups'),
    pod('web', 'node-c'),
    pod('done', 'node-d', 'data', 'Succeeded'),
  ),
  '/api/v1/namespaces/qna/persistentvolumeclaims': listOf(
    'PersistentVolumeClaim',
    claim('data', 'fast'),
    claim('backups', 'slow'),
  ),
  '/apis/storage.k8s.io/v1/storageclasses': listOf(
    'StorageClass',
    { metadata: { name: 'fast' }, allowVolumeExpansion: true },
    { metadata: { name: 'slow' } },
  ),
};
