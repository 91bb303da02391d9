import { describe, expect, it } from 'vitest';
import { apiServer, listOf, observed, Refusal } from './api-server.ts';

const QNA = {
  kind: 'Namespace',
  metadata: { name: 'qna', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
};

describe('the namespaces that are looked at', () => {
  it('are got one by one, so that a Role inside each is enough', async () => {
    await using server = await apiServer({ '/api/v1/namespaces/qna': QNA });
    const { namespaces } = await observed(server, ['namespaces']);
    expect(namespaces).toMatchObject({ seen: true, value: [{ ref: 'Namespace qna', object: QNA }] });
    expect(server.requests.filter((request) => request.includes('/namespaces'))).toEqual([
      'GET /api/v1/namespaces/qna',
    ]);
  });

  it('are listed with one request where all of them are looked at', async () => {
    await using server = await apiServer({
      '/api/v1/namespaces': listOf('Namespace', QNA, { metadata: { name: 'b' } }),
    });
    const { namespaces } = await observed(server, ['namespaces'], 'all');
    expect(namespaces).toMatchObject({ seen: true, value: [{ ref: 'Namespace qna' }, { ref: 'Namespace b' }] });
    expect(server.requests.filter((request) => request.includes('/namespaces'))).toHaveLength(1);
  });

  it('are not seen where that is refused, or where something else answers', async () => {
    const refusal = new Refusal(403, 'namespaces "qna" is forbidden');
    await using server = await apiServer({
      '/api/v1/namespaces/qna': refusal,
      '/api/v1/namespaces/other': { title: 'Please log in' },
    });
    expect((await observed(server, ['namespaces'])).namespaces).toEqual({ seen: false, reason: refusal.message });
    expect((await observed(server, ['namespaces'], ['other'])).namespaces).toMatchObject({
      seen: false,
      reason: expect.stringContaining('no Namespace'),
    });
  });
});

describe('the architectures of the nodes', () => {
  const node = {
    metadata: { name: 'node-a', labels: { 'kubernetes.io/arch': 'arm64' } },
    status: { images: [{ names: ['a'] }], conditions: [] },
  };

  it('are told by name, and nothing is kept of the images that a node holds', async () => {
    await using server = await apiServer({ '/api/v1/nodes': listOf('Node', node, { metadata: { name: 'node-b' } }) });
    const { nodes, nodeArchitectures } = await observed(server, ['nodes', 'nodeArchitectures']);
    expect(nodeArchitectures).toEqual({ seen: true, value: { 'node-a': 'arm64' } });
    expect(JSON.stringify(nodes)).not.toContain('images');
  });

  it('are none where nodes may not be listed', async () => {
    await using server = await apiServer({ '/api/v1/nodes': new Refusal(403, 'nodes is forbidden') });
    expect((await observed(server, ['nodeArchitectures'])).nodeArchitectures).toEqual({ seen: true, value: {} });
  });
});
