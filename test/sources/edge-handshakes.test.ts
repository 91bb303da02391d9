import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ingressHandshakeCheck } from '../../src/checks/ingress/handshake/check.ts';
import { parseDetour } from '../../src/commands/way-to-edge.ts';
import type { EdgeHandshake } from '../../src/core/edge-facts.ts';
import { UserError } from '../../src/core/errors.ts';
import type { Facts } from '../../src/core/facts.ts';
import type { KubernetesObject } from '../../src/core/objects.ts';
import { type Resource, refOf } from '../../src/core/resource.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import { edgeHandshakesFact } from '../../src/sources/cluster/edge-handshakes.ts';
import { DEFAULT_LIVE_OPTIONS, type Listed, type LiveOptions } from '../../src/sources/cluster/live-fact.ts';
import { createKeyedHash } from '../../src/sources/keyed-hash.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { createAuthority } from '../cluster/certificates.ts';
import { httpServer, httpsServer, selfSigned } from './endpoint-servers.ts';

const HOST = 'qna.example.test';
const certificate = selfSigned(`DNS:${HOST}`);

describe('the edge of a cluster', () => {
  it('shakes hands at the address that the cluster tells, with the name of the host', async () => {
    await using edge = await httpsServer(certificate, (request, response) => {
      response.setHeader('strict-transport-security', 'max-age=31536000');
      response.end(request.headers.host);
    });
    await using plain = await httpServer((_, response) =>
      response.writeHead(308, { location: `https://${HOST}/` }).end(),
    );
    const [handshake, ...others] = await observe([ingress({ ip: '10.9.8.7' })], {
      ca: certificate.cert,
      connectTo: [parseDetour(`${HOST}:443:127.0.0.1:${edge.port}`), parseDetour(`${HOST}:80:127.0.0.1:${plain.port}`)],
    });
    expect(others).toEqual([]);
    expect(handshake).toMatchObject({
      host: HOST,
      servedBy: { subject: `Ingress prod/qna host ${HOST}`, where: { path: 'spec.rules[0].host' } },
      handshake: {
        value: {
          authorized: true,
          serverName: HOST,
          strictTransportSecurity: 'max-age=31536000',
          plainHttp: { status: 308 },
          obsoleteProtocols: [],
        },
      },
    });
    expect([...edge.requests, ...plain.requests]).toEqual(['GET /v1', 'GET /v1']);
  });

  it('is seen with a certificate that nobody here trusts', async () => {
    await using edge = await httpsServer(certificate, (_, response) => response.end());
    const [seen] = await observe([ingress({ ip: '10.9.8.7' })], {
      connectTo: [parseDetour(`:443:127.0.0.1:${edge.port}`)],
    });
    expect(seen?.handshake).toMatchObject({
      value: { authorized: false, authorizationError: 'DEPTH_ZERO_SELF_SIGNED_CERT', plainHttp: undefined },
    });
  });

  it('tells the alert of a server that speaks obsolete versions only', async () => {
    const obsolete = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await using edge = await httpsServer({ ...certificate, ...obsolete }, (_, response) => response.end());
    const [seen] = await observe([ingress({ ip: '10.9.8.7' })], {
      connectTo: [parseDetour(`::127.0.0.1:${edge.port}`)],
    });
    expect(seen).toMatchObject({ handshake: { seen: false }, refusal: expect.stringContaining('PROTOCOL_VERSION') });
  });

  it('does not say whom callers trust where an authority is its own, unless it is told', async () => {
    const folder = temporaryFolder();
    const authority = createAuthority(folder);
    const issued = authority.issue('edge', { subject: `/CN=${HOST}`, altNames: `DNS:${HOST}`, usage: 'serverAuth' });
    const [key, cert] = [readFileSync(issued.key, 'utf8'), readFileSync(issued.certificate, 'utf8')];
    await using edge = await httpsServer({ key, cert }, (_, response) => response.end());
    const connectTo = [parseDetour(`::127.0.0.1:${edge.port}`)];
    const outcomeOf = async (ca?: string) => {
      const edgeHandshakes = await observe([ingress({ ip: '10.9.8.7' })], { connectTo, ca });
      const verdicts = ingressHandshakeCheck.evaluate({ edgeHandshakes } as unknown as Facts, DEFAULT_SETTINGS);
      return verdicts.find(({ subject }) => subject.endsWith(`: certificate of ${HOST}`));
    };
    expect(await outcomeOf()).toMatchObject({ outcome: 'unknown', fix: expect.stringContaining('--ca FILE') });
    expect(await outcomeOf(readFileSync(authority.certificate, 'utf8'))).toMatchObject({ outcome: 'pass' });
  });

  it.each([
    ['no address', {}, /no controller has given Ingress prod\/qna an address yet/],
    ['the metadata address', { ip: '169.254.169.254' }, /metadata address, which is never asked/],
    ['this machine', { ip: '127.0.0.1' }, /means the machine that asks/],
    ['this machine, by name', { hostname: 'localhost' }, /means the machine that asks/],
  ])('is unknown with %s', async (_, address, reason) => {
    const [seen] = await observe([ingress(address)]);
    expect(seen?.handshake).toEqual({ seen: false, reason: expect.stringMatching(reason) });
  });

  it('is unknown where nothing listens', async () => {
    const server = await httpServer(() => {});
    await server[Symbol.asyncDispose]();
    const [seen] = await observe([ingress({ ip: '10.9.8.7' })], {
      connectTo: [parseDetour(`${HOST}::127.0.0.1:${server.port}`)],
    });
    expect(seen?.handshake).toEqual({
      seen: false,
      reason: `the edge cannot be reached from here (10.9.8.7: the connection was refused); say how with --connect-to`,
    });
  });

  it('asks for a name under a wildcard, and for the names of the routes of a listener', async () => {
    await using edge = await httpsServer(certificate, (_, response) => response.end());
    const seen = await observe([ingress({ ip: '10.9.8.7' }, '*.example.test'), gateway(), route()], {
      ca: certificate.cert,
      connectTo: [parseDetour(`::127.0.0.1:${edge.port}`)],
    });
    expect(
      seen.map(({ host, handshake }) => [
        host,
        handshake.seen && handshake.value.serverName,
        handshake.seen && handshake.value.authorized,
      ]),
    ).toEqual([
      ['*.example.test', 'qna-ready.example.test', false],
      [HOST, HOST, true],
    ]);
  });

  it('is not seen where its objects are not', async () => {
    const listed: Listed = new Map(
      (['ingresses', 'gateways', 'httpRoutes'] as const).map((kind) => [kind, { seen: false, reason: 'forbidden' }]),
    );
    expect(await edgeHandshakesFact.observe(viewOf(listed))).toEqual({ seen: false, reason: 'forbidden' });
  });
});

describe('--connect-to', () => {
  it.each([
    ['qna.example.test:443:10.0.0.7:8443', [HOST, 443, '10.0.0.7', 8443]],
    ['::bastion.example.test:', [undefined, undefined, 'bastion.example.test', undefined]],
    [`${HOST}:443:[2001:db8::1]:443`, [HOST, 443, '2001:db8::1', 443]],
    [`${HOST}:443::8443`, [HOST, 443, undefined, 8443]],
  ])('reads %s', (text, [host, port, toAddress, toPort]) => {
    expect(parseDetour(text)).toEqual({ host, port, toAddress, toPort });
  });

  it.each([
    '',
    HOST,
    `${HOST}:443`,
    ':::',
    `${HOST}:443:10.0.0.7`,
    `${HOST}:99999:10.0.0.7:443`,
    `${HOST}:443:2001:db8::1:443`,
    `${HOST}:443:[nonsense]:443`,
    `${HOST}:443:169.254.169.254:443`,
  ])('refuses %s', (text) => {
    expect(() => parseDetour(text)).toThrow(UserError);
  });
});

async function observe(objects: readonly KubernetesObject[], options: Partial<LiveOptions> = {}) {
  const of = (kind: string) =>
    ({ seen: true, value: objects.filter((each) => each.kind === kind).map(asResource) }) as const;
  const listed: Listed = new Map([
    ['ingresses', of('Ingress')],
    ['gateways', of('Gateway')],
    ['httpRoutes', of('HTTPRoute')],
  ]);
  const observed = await edgeHandshakesFact.observe(viewOf(listed, options));
  if (!observed.seen) throw new Error(observed.reason);
  return observed.value as readonly EdgeHandshake[];
}

function viewOf(listed: Listed, options: Partial<LiveOptions> = {}) {
  return {
    api: undefined as never,
    server: 'https://api.example.test:6443',
    namespaces: ['prod'],
    home: 'prod',
    hash: createKeyedHash(),
    listed,
    options: { ...DEFAULT_LIVE_OPTIONS, ...options },
    signal: new AbortController().signal,
  };
}

function asResource(object: KubernetesObject): Resource {
  const ref = refOf(object);
  return {
    object,
    ref,
    locate: (path) => ({
      object: ref,
      path: path
        .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
        .join('')
        .slice(1),
    }),
  };
}

const metadata = { name: 'qna', namespace: 'prod' };

function ingress(address: { readonly ip?: string; readonly hostname?: string }, host = HOST): KubernetesObject {
  return {
    kind: 'Ingress',
    metadata,
    spec: {
      tls: [{ hosts: [host], secretName: 'qna-tls' }],
      rules: [{ host, http: { paths: [{ path: '/(.*)' }, { path: '/v1' }] } }],
    },
    status: { loadBalancer: { ingress: [address] } },
  } as KubernetesObject;
}

function gateway(): KubernetesObject {
  return {
    kind: 'Gateway',
    metadata,
    spec: {
      listeners: [
        { name: 'plain', protocol: 'HTTP', port: 80 },
        { name: 'secure', protocol: 'HTTPS', port: 8443, hostname: '*.example.test' },
      ],
    },
    status: { addresses: [{ type: 'IPAddress', value: '10.9.8.7' }] },
  } as KubernetesObject;
}

function route(): KubernetesObject {
  const spec = { parentRefs: [{ name: 'qna', sectionName: 'secure' }], hostnames: [HOST, 'elsewhere.example.org'] };
  return { kind: 'HTTPRoute', metadata, spec } as KubernetesObject;
}
