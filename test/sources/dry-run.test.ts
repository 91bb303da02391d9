import { createServer } from 'node:http';
import type { KubeConfig } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { connect } from '../../src/sources/cluster/api.ts';
import { ApiError } from '../../src/sources/cluster/api-error.ts';
import { dryRunRefusal, lacksTheRight, saysNothingOfObject } from '../../src/sources/cluster/refusal.ts';

const PATH = '/apis/apps/v1/namespaces/qna/deployments/qna';
const CANARY = 'hunter2-c4nary';

/** Runs against something on loopback that notes what it was sent, and answers with a JSON object. */
async function sentBy(work: (api: Awaited<ReturnType<typeof connect>>) => Promise<unknown>) {
  const sent: { method: string | undefined; url: string | undefined; type: string | undefined; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    sent.push({ method: request.method, url: request.url, type: request.headers['content-type'], body });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"kind":"Deployment"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const config = { getCurrentUser: () => null, applyToHTTPSOptions: async () => {} } as unknown as KubeConfig;
  const access = {
    config,
    contextName: 'test',
    server: url,
    namespace: 'qna',
    file: undefined,
    env: {},
    isInteractive: false,
  };
  const api = await connect(access, { timeoutMs: 5000, signal: new AbortController().signal });
  try {
    return { sent, value: await work(api).catch((error: unknown) => error) };
  } finally {
    api.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('a dry run', () => {
  it('is a server-side apply that says dryRun=All, and the object is sent as it is', async () => {
    const { sent } = await sentBy((api) => api.dryRunApply(PATH, { kind: 'Deployment', spec: { replicas: 2 } }));
    expect(sent).toEqual([
      {
        method: 'PATCH',
        url: `${PATH}?dryRun=All&fieldManager=qna-ready&force=true&fieldValidation=Strict`,
        type: 'application/apply-patch+yaml',
        body: '{"kind":"Deployment","spec":{"replicas":2}}',
      },
    ]);
  });

  it.each([`${PATH}?dryRun=`, `${PATH}?fieldManager=x&`, `${PATH}#`])('is not sent to %s', async (path) => {
    const { sent, value } = await sentBy((api) => api.dryRunApply(path, {}));
    expect(sent).toEqual([]);
    expect(value).toBeInstanceOf(Error);
  });

  it('is the only thing that is sent beside GET', async () => {
    const { sent } = await sentBy(async (api) => {
      await api.json('/version');
      await api.text('/logs');
      await api.answer('/healthz');
    });
    expect(sent.map(({ method, body }) => [method, body])).toEqual([
      ['GET', ''],
      ['GET', ''],
      ['GET', ''],
    ]);
  });
});

describe('what the server refuses', () => {
  const refusal = (status: number, said: object) => dryRunRefusal({ status, body: JSON.stringify(said) });

  it('is told by the names of its fields, and never by what stands in them', () => {
    const invalid = refusal(422, {
      reason: 'Invalid',
      message: `Deployment.apps "qna" is invalid: spec.selector: Invalid value: {"app":"${CANARY}"}: field is immutable`,
      details: {
        causes: [
          { field: 'spec.selector', message: `Invalid value: {"app":"${CANARY}"}: field is immutable` },
          { field: `spec[${CANARY} ${CANARY}]`, message: CANARY },
          { field: 'spec.replicas', message: `Invalid value: "${CANARY}": must be greater than 0` },
        ],
      },
    });
    expect(invalid.said).toBe('the server refuses the dry run (422 Invalid for spec.selector, spec.replicas)');
    expect(invalid.causes).toEqual([
      { field: 'spec.selector', isImmutable: true },
      { field: 'spec.replicas', isImmutable: false },
    ]);
    const typed = `failed to create typed patch object (qna/qna; apps/v1, Kind=Deployment): .spec.replicas: expected numeric, got "${CANARY}"`;
    expect(refusal(400, { reason: 'BadRequest', message: typed }).said).not.toContain(CANARY);
    expect(refusal(403, { reason: 'Forbidden', message: `admission denied: ${CANARY}` }).said).not.toContain(CANARY);
    expect(dryRunRefusal({ status: 502, body: `<html>${CANARY}` }).said).not.toContain(CANARY);
    expect(refusal(500, { reason: 'hunter', message: CANARY }).said).toBe('the server refuses the dry run (500)');
  });

  it('names a field that the schema does not have', () => {
    expect(refusal(400, { message: 'strict decoding error: unknown field "spec.template.spec.contianers"' }).said).toBe(
      'the server refuses the dry run (400 for spec.template.spec.contianers)',
    );
  });

  it('is told apart where it is the right to patch that is missing', () => {
    const message =
      'deployments.apps "qna" is forbidden: User "auditor" cannot patch resource "deployments" in API group "apps" in the namespace "qna"';
    const { said } = refusal(403, { reason: 'Forbidden', message });
    expect(said).toBe('User "auditor" cannot patch resource "deployments" in API group "apps" in the namespace "qna"');
    expect(lacksTheRight(said)).toBe(true);
    expect(lacksTheRight(refusal(403, { message: 'admission webhook "x" denied the request' }).said)).toBe(false);
  });

  it('says nothing of the object where nothing takes part in dry runs', () => {
    const { said } = refusal(400, { message: 'admission webhook "x.example.com" does not support dry run' });
    expect(saysNothingOfObject(new ApiError(said, { status: 400 }))).toBe(true);
    expect(saysNothingOfObject(new ApiError('unsupported', { status: 415 }))).toBe(true);
    expect(saysNothingOfObject(new ApiError('the server refuses the dry run (409 Conflict)', { status: 409 }))).toBe(
      false,
    );
  });
});
