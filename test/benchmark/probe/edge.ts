import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority } from '../../cluster/certificates.ts';

/** How the services of the benchmark are called where they stand behind TLS. */
export const EDGE_HOST = 'qna.benchmark.test';

const CERTIFICATES = [
  'good',
  'expired',
  'ends-soon',
  'wrong-name',
  'foreign',
  'self-signed',
  'without-intermediate',
] as const;
type CertificateKind = (typeof CERTIFICATES)[number];

/** What stands before a service. */
export interface EdgeShape {
  readonly certificate: CertificateKind;
  /** TLS 1.0 and 1.1 are accepted. */
  readonly obsolete: boolean;
  /** Such as `AES128-SHA`; the defaults of Node where it is not set. */
  readonly ciphers: string | undefined;
  readonly http2: boolean;
  readonly hsts: string | undefined;
  /**
   * What plain HTTP answers beside it. It is asked on port 80 beside port 443 only, so a service with this set stands there, on an
   * address of the loopback that nobody else uses; otherwise it has a port of its own.
   */
  readonly plain: 'redirects' | 'serves' | undefined;
}

export const GOOD_EDGE: EdgeShape = {
  certificate: 'good',
  obsolete: false,
  ciphers: undefined,
  http2: true,
  hsts: 'max-age=31536000',
  plain: undefined,
};

export interface Credentials {
  readonly key: string;
  /** With the chain above it. */
  readonly cert: string;
}

export interface EdgeCredentials {
  /** The file with the authority that callers trust. */
  readonly ca: string;
  readonly of: Readonly<Record<CertificateKind, Credentials>>;
  [Symbol.dispose](): void;
}

/** Makes an authority and a certificate of each kind, which takes a moment, in a folder that goes with it. */
export function makeEdgeCredentials(): EdgeCredentials {
  const folder = mkdtempSync(join(tmpdir(), 'qna-ready-edge-'));
  const authority = createAuthority(folder);
  const foreignFolder = join(folder, 'foreign');
  mkdirSync(foreignFolder);
  const foreign = createAuthority(foreignFolder);
  const issued = (from: typeof authority, name: string, days: number, host = EDGE_HOST): Credentials => {
    const files = from.issue(name, { subject: `/CN=${host}`, altNames: `DNS:${host}`, usage: 'serverAuth', days });
    return { key: readFileSync(files.key, 'utf8'), cert: readFileSync(files.certificate, 'utf8') };
  };
  return {
    ca: authority.certificate,
    of: {
      good: issued(authority, 'good', 90),
      expired: issued(authority, 'expired', -1),
      'ends-soon': issued(authority, 'ends-soon', 3),
      'wrong-name': issued(authority, 'wrong-name', 90, 'other.benchmark.test'),
      foreign: issued(foreign, 'foreign', 90),
      'self-signed': selfSigned(folder),
      'without-intermediate': belowIntermediate(folder, authority),
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const NAMES = `subjectAltName=DNS:${EDGE_HOST}`;

function selfSigned(folder: string): Credentials {
  const [key, cert] = [join(folder, 'self.key'), join(folder, 'self.crt')];
  const self = ['-x509', '-days', '90', '-subj', `/CN=${EDGE_HOST}`, '-addext', NAMES];
  openssl(['req', ...self, ...NEW_KEY, '-keyout', key, '-out', cert]);
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}

/** Signed by an authority between, whose certificate is not sent. */
function belowIntermediate(folder: string, root: { readonly certificate: string; readonly key: string }): Credentials {
  const file = (name: string) => join(folder, name);
  const sign = (name: string, extensions: string, signer: { readonly certificate: string; readonly key: string }) => {
    writeFileSync(file(`${name}.ext`), extensions);
    const request = ['-subj', `/CN=${name}`, '-keyout', file(`${name}.key`), '-out', file(`${name}.csr`)];
    openssl(['req', '-new', ...NEW_KEY, ...request]);
    const by = ['-CA', signer.certificate, '-CAkey', signer.key, '-CAcreateserial', '-days', '90'];
    const made = ['-extfile', file(`${name}.ext`), '-out', file(`${name}.crt`)];
    openssl(['x509', '-req', '-in', file(`${name}.csr`), ...by, ...made]);
    return { certificate: file(`${name}.crt`), key: file(`${name}.key`) };
  };
  const between = sign('between', 'basicConstraints=critical,CA:TRUE\n', root);
  const leaf = sign('leaf', `${NAMES}\n`, between);
  return { key: readFileSync(leaf.key, 'utf8'), cert: readFileSync(leaf.certificate, 'utf8') };
}

function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}
