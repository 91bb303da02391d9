import { describe, expect, it } from 'vitest';
import { collect, handshake, reason, seen } from './endpoint-observed.ts';
import { goodService, httpsServer, selfSigned } from './endpoint-servers.ts';

describe('TLS', () => {
  const certificate = selfSigned('IP:127.0.0.1');

  it('with a certificate of nobody known is judged, and nothing else is asked', async () => {
    await using server = await httpsServer({ ...certificate }, goodService());
    const snapshot = await collect({ url: server.url });
    expect(handshake(snapshot)).toMatchObject({
      authorized: false,
      authorizationError: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      protocol: 'TLSv1.3',
      subjectAltNames: ['IP Address:127.0.0.1'],
      daysLeft: 29,
      obsoleteProtocols: [],
    });
    expect(reason(snapshot, 'liveEndpoint')).toMatch(/certificate was refused/);
    expect(server.requests).toEqual([]);
  });

  it('with a bad certificate ends the run where the handshake is not judged', async () => {
    await using server = await httpsServer({ ...certificate }, goodService());
    await expect(collect({ url: server.url }, ['liveEndpoint'])).rejects.toThrow(/certificate was refused/);
  });

  it('is probed all the same where the person accepts any certificate', async () => {
    await using server = await httpsServer({ ...certificate }, goodService());
    const snapshot = await collect({ url: server.url, insecure: true });
    expect(seen(snapshot, 'liveEndpoint').samples[0]?.status).toBe(200);
    expect(handshake(snapshot).authorized).toBe(false);
  });

  it('with a certificate that is trusted is authorised, and HSTS is read', async () => {
    await using server = await httpsServer({ ...certificate }, (request, response) => {
      response.setHeader('strict-transport-security', 'max-age=31536000');
      goodService()(request, response);
    });
    const snapshot = await collect({ url: server.url, ca: certificate.cert });
    expect(handshake(snapshot)).toMatchObject({
      authorized: true,
      strictTransportSecurity: 'max-age=31536000',
      plainHttp: undefined,
    });
    expect(seen(snapshot, 'readyEndpoint').samples[0]?.status).toBe(200);
  });

  it('with a certificate for another name is not authorised', async () => {
    const other = selfSigned('DNS:other.example');
    await using server = await httpsServer({ ...other }, goodService());
    const snapshot = await collect({ url: server.url, ca: other.cert }, ['edgeHandshakes']);
    expect(handshake(snapshot)).toMatchObject({
      authorized: false,
      authorizationError: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
  });

  it('in obsolete versions is noticed', async () => {
    await using server = await httpsServer(
      { ...certificate, minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' },
      goodService(),
    );
    const snapshot = await collect({ url: server.url }, ['edgeHandshakes']);
    expect(handshake(snapshot).obsoleteProtocols).toEqual(['TLSv1', 'TLSv1.1']);
  });
});
