import { describe, expect, it } from 'vitest';
import { shapeOfSecret } from '../../src/sources/secret-shape.ts';
import { expiryOfToken } from '../../src/sources/token-expiry.ts';

const END = Date.UTC(2027, 0, 2, 3, 4, 5);

function token(claims: unknown, header: unknown = { alg: 'RS256', typ: 'JWT' }): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(claims)}.c2lnbmF0dXJl`;
}

describe('the end of a token', () => {
  it.each([
    ['a token', token({ exp: END / 1000 })],
    ['a token with a newline after it', `${token({ exp: END / 1000 })}\n`],
    ['a token after the word Bearer', `Bearer ${token({ exp: END / 1000 })}`],
    ['a token that nobody signed', token({ exp: END / 1000 }, { alg: 'none' }).replace(/[^.]+$/, '')],
  ])('is read from %s', (_, text) => {
    expect(expiryOfToken(text)).toBe('2027-01-02T03:04:05.000Z');
  });

  it.each([
    ['a password', 'correct horse battery staple'],
    ['an empty value', ''],
    ['a version', '1.2.3'],
    ['a host name', 'db.example.com'],
    ['a token without an end', token({ sub: 'system:serviceaccount:qna:default' })],
    ['an end that is no number', token({ exp: 'tomorrow' })],
    ['an end that no calendar has', token({ exp: 1e300 })],
    ['claims that are no object', token(null)],
    ['a header without an algorithm', token({ exp: 1 }, {})],
  ])('is not read from %s', (_, text) => {
    expect(expiryOfToken(text)).toBeUndefined();
  });

  it('is all that is kept of it', () => {
    const value = token({ exp: END / 1000, sub: 'canary-7f3a' });
    const shape = shapeOfSecret({
      kind: 'Secret',
      metadata: { name: 'provider' },
      data: { token: Buffer.from(value).toString('base64'), password: Buffer.from('a.b.c').toString('base64') },
    } as never);
    expect(shape).toMatchObject({ tokens: [{ key: 'token', expiresAt: '2027-01-02T03:04:05.000Z' }] });
    for (const part of value.split('.')) expect(JSON.stringify(shape)).not.toContain(part);
    expect(JSON.stringify(shape)).not.toContain('canary');
  });
});
