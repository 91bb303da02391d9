import { describe, expect, it } from 'vitest';
import { proxyOf } from '../../src/sources/cluster/proxy-of.ts';

const PROXY = 'http://proxy.example.com:3128';

describe('the proxy for an API server', () => {
  it.each([
    ['https://api.example.com', { HTTPS_PROXY: PROXY }, PROXY],
    ['https://api.example.com', { https_proxy: 'proxy.example.com:3128' }, PROXY],
    ['https://api.example.com', { HTTP_PROXY: PROXY }, undefined],
    ['http://api.example.com', { HTTP_PROXY: PROXY }, PROXY],
    ['https://api.example.com', {}, undefined],
    ['https://api.example.com', { HTTPS_PROXY: '' }, undefined],
    ['https://127.0.0.1:6443', { HTTPS_PROXY: PROXY }, undefined],
    ['https://[::1]:6443', { HTTPS_PROXY: PROXY }, undefined],
    ['https://localhost:6443', { HTTPS_PROXY: PROXY }, undefined],
  ])('of %s with %o is %s', (server, env, expected) => {
    expect(proxyOf(server, env)).toBe(expected);
  });

  it.each([
    ['*', true],
    ['api.example.com', true],
    ['API.example.com', true],
    ['example.com', true],
    ['.example.com', true],
    ['*.example.com', true],
    ['other.com, example.com', true],
    ['api.example.com:6443', true],
    ['api.example.com:443', false],
    ['le.com', false],
    ['.api.example.com', false],
    ['', false],
  ])('is left out where NO_PROXY is %j: %s', (exceptions, isLeftOut) => {
    const found = proxyOf('https://api.example.com:6443', { HTTPS_PROXY: PROXY, NO_PROXY: exceptions });
    expect(found).toBe(isLeftOut ? undefined : PROXY);
  });

  it.each([
    ['10.0.0.0/8', undefined],
    ['10.1.2.3', undefined],
    ['192.168.0.0/16', PROXY],
  ])('is left out for an address that %s holds', (exceptions, expected) => {
    expect(proxyOf('https://10.1.2.3:6443', { HTTPS_PROXY: PROXY, NO_PROXY: exceptions })).toBe(expected);
  });
});
