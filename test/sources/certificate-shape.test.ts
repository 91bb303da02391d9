import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shapeOfCertificate } from '../../src/sources/certificate-shape.ts';

const EC = ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
const SHA256_ECDSA = '1.2.840.10045.4.3.2';
const SHA1_RSA = '1.2.840.113549.1.1.5';
const SERVER = '1.3.6.1.5.5.7.3.1';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qna-ready-chain-'));
  issue('root', undefined, 'basicConstraints=critical,CA:TRUE');
  issue('stranger', undefined, 'basicConstraints=critical,CA:TRUE');
  issue('intermediate', 'root', 'basicConstraints=critical,CA:TRUE');
  issue('leaf', 'intermediate', `extendedKeyUsage=serverAuth\nsubjectAltName=DNS:qna.example.com`);
  issue('client', 'intermediate', 'extendedKeyUsage=clientAuth');
  issue('short', 'root', 'subjectAltName=DNS:qna.example.com', ['rsa:1024'], '-sha256');
  issue('weak-root', undefined, 'basicConstraints=critical,CA:TRUE', ['rsa:2048'], '-sha256');
  issue('weak', 'weak-root', 'subjectAltName=DNS:qna.example.com', ['rsa:2048'], '-sha1');
  issue('by-hand', undefined, 'keyUsage=digitalSignature\nbasicConstraints=CA:FALSE');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the shape of a certificate', () => {
  it('tells the chain in its order, and who signed the last of it', () => {
    expect(shapeOf(['leaf', 'intermediate'], 'leaf', 'root')).toMatchObject({
      subjectAltNames: ['DNS:qna.example.com'],
      issuer: 'CN=intermediate',
      keyMatches: true,
      isAuthority: false,
      extendedUsage: [SERVER],
      key: { type: 'ec' },
      signature: SHA256_ECDSA,
      selfSigned: false,
      chain: [{ subject: 'CN=intermediate', signedPrevious: true, selfSigned: false, signature: SHA256_ECDSA }],
      signedByAuthority: true,
    });
  });

  it('tells a root that is sent along, which is its own authority', () => {
    const shape = shapeOf(['leaf', 'intermediate', 'root'], 'leaf', 'root');
    expect(shape?.chain?.map(({ signedPrevious, selfSigned }) => [signedPrevious, selfSigned])).toEqual([
      [true, false],
      [true, true],
    ]);
    expect(shape?.signedByAuthority).toBe(true);
  });

  it.each([
    ['a stranger follows', ['leaf', 'stranger'], [false]],
    ['the order is turned', ['leaf', 'root', 'intermediate'], [false, false]],
    ['nothing follows', ['leaf'], []],
  ])('tells where %s', (_, names, signed) => {
    expect(shapeOf(names, 'leaf')?.chain?.map(({ signedPrevious }) => signedPrevious)).toEqual(signed);
  });

  it('does not take an authority of another key for the one that signed', () => {
    expect(shapeOf(['leaf', 'intermediate'], 'leaf', 'stranger')?.signedByAuthority).toBe(false);
    expect(shapeOf(['leaf', 'intermediate'], 'leaf')).not.toHaveProperty('signedByAuthority');
  });

  it('tells what browsers refuse: short keys, SHA-1, authorities, and certificates for clients', () => {
    expect(shapeOf(['short'])).toMatchObject({ key: { type: 'rsa', bits: 1024 } });
    expect(shapeOf(['weak'])).toMatchObject({ signature: SHA1_RSA, key: { type: 'rsa', bits: 2048 } });
    expect(shapeOf(['root'])).toMatchObject({ isAuthority: true, selfSigned: true });
    expect(shapeOf(['client'])?.extendedUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
  });

  it('knows a certificate that signed itself, whatever its key may be used for', () => {
    expect(shapeOf(['by-hand'])).toMatchObject({ selfSigned: true, isAuthority: false });
  });

  it('knows no certificate in what is none', () => {
    expect(shapeOfCertificate('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', undefined, '')).toBe(
      undefined,
    );
    expect(shapeOfCertificate(undefined, undefined, undefined)).toBe(undefined);
    expect(shapeOf(['leaf'], 'stranger')?.keyMatches).toBe(false);
  });
});

function shapeOf(certificates: readonly string[], key?: string, authority?: string) {
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  return shapeOfCertificate(
    certificates.map((name) => read(`${name}.crt`)).join(''),
    key === undefined ? undefined : read(`${key}.key`),
    authority === undefined ? undefined : read(`${authority}.crt`),
  );
}

/** Signed by itself where no signer is named. */
function issue(
  name: string,
  signer: string | undefined,
  extensions: string,
  key: readonly string[] = EC,
  hash = '-sha256',
): void {
  const file = (ending: string, of = name) => join(folder, `${of}.${ending}`);
  writeFileSync(file('ext'), extensions);
  const request = ['-newkey', ...key, '-nodes', '-subj', `/CN=${name}`, '-keyout', file('key'), '-out', file('csr')];
  openssl('req', '-new', ...request);
  const by =
    signer === undefined
      ? ['-signkey', file('key')]
      : ['-CA', file('crt', signer), '-CAkey', file('key', signer), '-CAcreateserial'];
  const signed = ['-in', file('csr'), '-days', '30', hash, '-extfile', file('ext'), '-out', file('crt')];
  openssl('x509', '-req', ...by, ...signed);
}

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}
