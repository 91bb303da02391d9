import { createSecureServer } from 'node:http2';
import type { ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { httpVersionCheck } from '../../src/checks/http/version/check.ts';
import { ingressChainCheck } from '../../src/checks/ingress/chain/check.ts';
import { ingressCiphersCheck } from '../../src/checks/ingress/ciphers/check.ts';
import type { Check } from '../../src/core/check.ts';
import { runChecks } from '../../src/core/run-checks.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import type { EndpointOptions } from '../../src/sources/endpoint/endpoint-fact.ts';
import { CIPHER_SUITES } from '../../src/sources/http/cipher-suites.ts';
import { observeCiphers } from '../../src/sources/http/observe-ciphers.ts';
import { createChain } from './certificate-chain.ts';
import { collect, handshake } from './endpoint-observed.ts';
import { goodService, httpsServer, rawServer } from './endpoint-servers.ts';

const chain = createChain();
const leaf = chain.issue();

/** What a check says of a server, each verdict on one line. */
async function said(check: Check, server: ServerOptions, options: Partial<EndpointOptions> = {}) {
  await using edge = await httpsServer(server, goodService());
  const snapshot = await collect({ url: edge.url, ca: chain.root, ...options }, check.needs);
  return [...runChecks([check], [snapshot], DEFAULT_SETTINGS)].map(
    ({ outcome, severity, subject, message, observed }) =>
      `${outcome} ${severity} ${subject}: ${message} (${observed})`,
  );
}

describe.each([
  ['TLSv1.2', { maxVersion: 'TLSv1.2' }],
  ['TLSv1.3', { minVersion: 'TLSv1.3' }],
] as const)('a chain over %s', (_, versions) => {
  const sending = (...certificates: readonly string[]) =>
    said(ingressChainCheck, { key: leaf.key, cert: certificates.join(''), ...versions });

  it('that is whole and in order is as it should be', async () => {
    const lines = await sending(leaf.cert, chain.intermediate);
    expect(lines.filter((line) => !line.startsWith('pass'))).toEqual([]);
    expect(lines[0]).toContain('sent: the certificate, then CN=test intermediate');
  });

  it('that lacks its intermediate is told with the name of who signed', async () => {
    expect(await sending(leaf.cert)).toContainEqual(
      expect.stringMatching(/^fail error completeness .* ends at the certificate, issued by CN=test intermediate/),
    );
  });

  it('that is out of order is told as it was sent', async () => {
    expect(await sending(leaf.cert, chain.root, chain.intermediate)).toContainEqual(
      expect.stringMatching(/^fail warning order of the chain .*then CN=test root; CN=test intermediate/),
    );
  });

  it('with its root is told', async () => {
    const lines = await sending(leaf.cert, chain.intermediate, chain.root);
    expect(lines.filter((line) => !line.startsWith('pass'))).toEqual([
      expect.stringMatching(/^fail note root in the chain /),
    ]);
  });
});

describe('the certificates of a chain', () => {
  const short = createChain(3);

  it('are each told when they end', async () => {
    const { key, cert } = short.issue();
    const lines = await said(ingressChainCheck, { key, cert: cert + short.intermediate }, { ca: short.root });
    expect(lines).toContainEqual(
      expect.stringMatching(/^fail error expiry of CN=test intermediate .*valid for 2 more days/),
    );
  });

  it.each([
    ['a short key', { key: ['rsa:1024'] }, /A key is too short .*RSA with 1024 bits/],
    ['a signature with SHA-1', { digest: 'sha1' }, /signature is made in a way that browsers refuse.*SHA-1 with ECDSA/],
  ] as const)('are told for %s', async (_, options, sentence) => {
    const { key, cert } = chain.issue(options);
    const weak = { key, cert: cert + chain.intermediate, ciphers: 'DEFAULT@SECLEVEL=0' };
    expect(await said(ingressChainCheck, weak, { insecure: true })).toContainEqual(expect.stringMatching(sentence));
  });
});

describe('cipher suites', () => {
  const rsa = chain.issue({ key: ['rsa:2048'] });
  const accepting = async (server: ServerOptions) =>
    (await said(ingressCiphersCheck, { ...rsa, ...server }, { insecure: true }))
      .filter((line) => !line.startsWith('pass'))
      .map((line) => line.replace(/:.*\(/, ' ('));

  it.each([
    ['only current ones', { ciphers: 'ECDHE+AESGCM:ECDHE+CHACHA20' }, []],
    ['TLS 1.3 only', { minVersion: 'TLSv1.3' }, []],
    ['none of TLS 1.3', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE+AESGCM' }, ['fail note TLS 1.3 (accepts TLSv1.2)']],
    [
      'one without forward secrecy',
      { ciphers: 'ECDHE+AESGCM:AES128-GCM-SHA256' },
      ['fail warning cipher suites without forward secrecy (accepts TLS_RSA_WITH_AES_128_GCM_SHA256)'],
    ],
    ['one with CBC beside better ones', { ciphers: 'ECDHE+AESGCM:ECDHE-RSA-AES256-SHA384' }, []],
    [
      'none but those with CBC',
      { ciphers: 'ECDHE-RSA-AES128-SHA', maxVersion: 'TLSv1.2' },
      [
        'fail note TLS 1.3 (accepts TLSv1.2)',
        'fail warning cipher suites (CBC) (accepts TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA)',
      ],
    ],
    [
      'one without encryption',
      { ciphers: 'ECDHE+AESGCM:NULL-SHA256:@SECLEVEL=0' },
      ['fail error cipher suites without encryption (accepts TLS_RSA_WITH_NULL_SHA256)'],
    ],
    [
      'one that proves nobody',
      { ciphers: 'ECDHE+AESGCM:AECDH-AES128-SHA:@SECLEVEL=0' },
      ['fail error cipher suites (anonymous) (accepts TLS_ECDH_anon_WITH_AES_128_CBC_SHA)'],
    ],
  ] as const)('of a server with %s are told', async (_, server, expected) => {
    expect(await accepting(server as ServerOptions)).toEqual(expected);
  });

  it.each([
    [
      'RC4 (which no OpenSSL of today has) are recognised in the answer',
      serverHello(0x0005),
      { seen: true, value: 'TLS_RSA_WITH_RC4_128_SHA' },
    ],
    [
      '3DES are recognised in an answer that comes in pieces',
      serverHello(0x000a),
      { seen: true, value: 'TLS_RSA_WITH_3DES_EDE_CBC_SHA' },
    ],
    [
      'something that is no TLS are not known',
      Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
      { seen: false, reason: 'the answer is no TLS' },
    ],
    ['silence are not known', Buffer.alloc(0), { seen: false, reason: 'no answer came within 300 ms' }],
  ])('answered with %s', async (_, answer, accepted) => {
    await using server = await rawServer((socket) => {
      socket.write(answer.subarray(0, 8));
      setImmediate(() => socket.write(answer.subarray(8)));
    });
    const answers = await observeCiphers({
      host: '127.0.0.1',
      port: server.port,
      ca: undefined,
      timeoutMs: 300,
      signal: new AbortController().signal,
    });
    expect(answers.map(({ family }) => family)).toEqual(Object.keys(CIPHER_SUITES));
    const offering = answers.find(({ family }) => family === (_.startsWith('3DES') ? 'DES and 3DES' : 'RC4'));
    expect(offering?.accepted).toEqual(accepted);
  });

  /** The first record of a server that takes one suite (RFC 5246, section 7.4.1.3). */
  function serverHello(suite: number): Buffer {
    const body = Buffer.concat([
      Buffer.from([3, 3]),
      Buffer.alloc(32, 7),
      Buffer.from([0, suite >> 8, suite & 0xff, 0]),
    ]);
    return Buffer.concat([Buffer.from([22, 3, 3, 0, body.length + 4, 2, 0, 0, body.length]), body]);
  }
});

describe('HTTP/2', () => {
  it('is used where it was asked for and the server has it', async () => {
    await using edge = await http2Server();
    const needs = httpVersionCheck.needs;
    const outcomes = async (options: Partial<EndpointOptions>) => {
      const snapshot = await collect({ url: edge.url, ca: chain.root, ...options }, needs);
      return [...runChecks([httpVersionCheck], [snapshot], DEFAULT_SETTINGS)].map(({ message }) => message);
    };
    expect(await outcomes({ http2: true })).toEqual(['HTTP/2 is offered.', 'The requests were answered over HTTP/2.']);
    expect(edge.versions).toEqual(new Set(['2.0']));
    edge.versions.clear();
    expect(await outcomes({})).toEqual(['HTTP/2 is offered.']);
    expect(edge.versions).toEqual(new Set(['1.1']));
  });

  it('that a server does not have is told where it was asked for', async () => {
    const server = { key: leaf.key, cert: leaf.cert + chain.intermediate };
    expect(await said(httpVersionCheck, server, { http2: true })).toEqual([
      expect.stringMatching(/^fail note HTTP versions/),
      expect.stringMatching(/^fail warning requests over HTTP\/2/),
    ]);
  });

  async function http2Server() {
    const versions = new Set<string>();
    const serve = goodService();
    const server = createSecureServer(
      { key: leaf.key, cert: leaf.cert + chain.intermediate, allowHTTP1: true },
      (request, response) => {
        versions.add(request.httpVersion);
        serve(request as never, response as never);
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
      url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
      versions,
      async [Symbol.asyncDispose]() {
        await new Promise((resolve) => {
          server.close(resolve);
          (server as { closeAllConnections?: () => void }).closeAllConnections?.();
        });
      },
    };
  }
});

describe('a handshake', () => {
  it('tells every version that the server takes', async () => {
    await using edge = await httpsServer(
      { ...leaf, minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' },
      goodService(),
    );
    const snapshot = await collect({ url: edge.url }, ['edgeHandshakes']);
    expect(handshake(snapshot).protocols).toEqual(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']);
  });
});
