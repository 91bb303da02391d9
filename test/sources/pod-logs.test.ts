import { describe, expect, it } from 'vitest';
import type { ContainerLog } from '../../src/core/facts.ts';
import type { Pod } from '../../src/core/objects.ts';
import { observeThrough, refuse } from './observe-through.ts';

const LINE = '{"time":1790000000000,"level":"info","msg":"ready"}';

describe('the logs of pods', () => {
  it('are those of the last minutes, whole and within the window that was asked for', async () => {
    const { logs, requests } = await read([pod('qna-0')], () => `${LINE}\n${LINE}\n`, 900);
    expect(logs).toEqual([
      { subject: 'Pod prod/qna-0 container api', image: 'qna:1', lines: [LINE, LINE], span: 'the last 15 minutes' },
    ]);
    expect(requests).toEqual([
      'GET /api/v1/namespaces/prod/pods/qna-0/log?container=api&sinceSeconds=900&limitBytes=4194304',
    ]);
  });

  it('are the newest lines where nothing was written of late', async () => {
    const { logs, incomplete } = await read([pod('qna-0')], (query) => (query.has('tailLines') ? `${LINE}\n` : ''));
    expect(logs).toEqual([
      expect.objectContaining({ lines: [LINE], span: expect.stringContaining('nothing was written') }),
    ]);
    expect(incomplete).toBeUndefined();
  });

  it('include what a container wrote before its restart', async () => {
    const { logs } = await read([pod('qna-0', { restartCount: 2 })], (query) =>
      query.has('previous') ? 'Segmentation fault\n' : `${LINE}\n`,
    );
    expect(logs.map(({ subject, lines }) => [subject, lines])).toEqual([
      ['Pod prod/qna-0 container api', [LINE]],
      ['Pod prod/qna-0 container api before its restart', ['Segmentation fault']],
    ]);
  });

  it('do without a container of before that is not kept', async () => {
    const { logs, incomplete } = await read([pod('qna-0', { restartCount: 2 })], (query) =>
      query.has('previous') ? undefined : `${LINE}\n`,
    );
    expect(logs).toHaveLength(1);
    expect(incomplete).toBeUndefined();
  });

  describe('where the kubelet answers 200 and then cannot read them', () => {
    const REFUSAL = 'unable to retrieve container logs for containerd://61a93aa17bfb193bc125b151ec643c85';

    it('do without a container of before that is not kept', async () => {
      const { logs, incomplete } = await read([pod('qna-0', { restartCount: 2 })], (query) =>
        query.has('previous') ? REFUSAL : `${LINE}\n`,
      );
      expect(logs.map(({ subject }) => subject)).toEqual(['Pod prod/qna-0 container api']);
      expect(incomplete).toBeUndefined();
    });

    it.each([
      REFUSAL,
      'failed to try resolving symlinks in path "/var/log/pods/prod_qna-0_1/api/0.log": lstat /var/log/pods: no such file or directory',
      'failed to open log file "/var/log/pods/prod_qna-0_1/api/0.log": open: permission denied',
      'failed to tail 200 lines of log file "/var/log/pods/prod_qna-0_1/api/0.log": read: input/output error',
      `${LINE}\nfailed to read log file "/var/log/pods/prod_qna-0_1/api/0.log": read: input/output error`,
    ])('are not seen, and its sentence is no line of the container: %s', async (answer) => {
      const pods = [pod('qna-0'), pod('qna-1')];
      const { logs, incomplete } = await read(pods, (_, path) => (path.includes('qna-0') ? answer : `${LINE}\n`));
      expect(logs.map(({ subject }) => subject)).toEqual(['Pod prod/qna-1 container api']);
      expect(incomplete).toBe(`Pod prod/qna-0 container api: the kubelet says: ${answer.split('\n').at(-1)}`);
    });

    it('hold the line of a container that says the same', async () => {
      const { logs, incomplete } = await read([pod('qna-0')], () => `${REFUSAL}\n`);
      expect(logs[0]?.lines).toEqual([REFUSAL]);
      expect(incomplete).toBeUndefined();
    });
  });

  it('say what was left out, and judge no part of a line', async () => {
    const { logs, incomplete } = await read([pod('qna-0')], (query) =>
      `${LINE}\n`.repeat(100_000).slice(0, Number(query.get('limitBytes'))),
    );
    expect(new Set(logs[0]?.lines)).toEqual(new Set([LINE]));
    expect(incomplete).toBe('Pod prod/qna-0 container api: what came after the first 4 MiB of the last 10 minutes');
  });

  it('share the budget, and leave out whole containers where there are very many', async () => {
    const pods = Array.from({ length: 130 }, (_, index) => pod(`qna-${index}`));
    const { logs, requests, incomplete } = await read(pods, () => `${LINE}\n`);
    expect(logs).toHaveLength(128);
    expect(requests[0]).toContain('limitBytes=131072');
    expect(incomplete).toBe('the logs of 2 more containers');
  });

  it('hold no secret that a line tells', async () => {
    const { logs } = await read([pod('qna-0')], () => 'connecting to postgres://qna:hunter22@db/qna\n');
    expect(JSON.stringify(logs)).not.toContain('hunter22');
  });

  it('are not seen where they are forbidden', async () => {
    const { snapshot } = await observeThrough(['logs'], { pods: [pod('qna-0')] }, (_, response) =>
      refuse(response, 403, 'Forbidden', 'pods "qna-0" is forbidden: User "x" cannot get resource "pods/log"'),
    );
    expect(snapshot.facts.logs).toEqual({
      seen: false,
      reason: expect.stringContaining('cannot get resource "pods/log"'),
    });
  });
});

async function read(
  pods: readonly Pod[],
  say: (query: URLSearchParams, path: string) => string | undefined,
  logsSinceSeconds = 600,
): Promise<{
  readonly logs: readonly ContainerLog[];
  readonly requests: readonly string[];
  readonly incomplete: string | undefined;
}> {
  const { snapshot, requests } = await observeThrough(
    ['logs'],
    { pods },
    (request, response) => {
      const { searchParams, pathname } = new URL(request.url ?? '', 'http://api');
      const text = say(searchParams, pathname);
      if (text === undefined) refuse(response, 400, 'BadRequest', 'previous terminated container "api" not found');
      else response.end(text);
    },
    { logsSinceSeconds },
  );
  const { logs } = snapshot.facts;
  if (logs?.seen !== true) throw new Error(logs?.reason);
  return { logs: logs.value, requests: requests.filter((path) => path.includes('/log?')), incomplete: logs.incomplete };
}

function pod(name: string, { restartCount = 0 } = {}): Pod {
  return {
    kind: 'Pod',
    metadata: { name, namespace: 'prod' },
    spec: { containers: [{ name: 'api', image: 'qna:1' }], initContainers: [{ name: 'wait' }] },
    status: { phase: 'Running', containerStatuses: [{ name: 'api', restartCount, state: { running: {} } }] },
  };
}
