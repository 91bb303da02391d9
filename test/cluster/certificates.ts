import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate authority of one run, in one folder. */
export interface Authority {
  readonly certificate: string;
  readonly key: string;
  /** Issues a certificate; gives the paths of certificate and key. `days` of 0 has expired a second later. */
  issue(name: string, options: IssueOptions): KeyPairFiles;
}

export interface KeyPairFiles {
  readonly certificate: string;
  readonly key: string;
}

export interface IssueOptions {
  /** Such as `/O=system:masters/CN=admin`. */
  readonly subject: string;
  readonly altNames?: string;
  readonly usage: 'serverAuth' | 'clientAuth';
  readonly days?: number;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export function createAuthority(folder: string): Authority {
  const authority = authorityIn(folder);
  const self = ['-x509', '-days', '30', '-subj', '/CN=qna-ready test'];
  openssl(['req', ...self, ...NEW_KEY, '-keyout', authority.key, '-out', authority.certificate]);
  return authority;
}

/** The authority that was created in this folder before. */
export function authorityIn(folder: string): Authority {
  const certificate = join(folder, 'ca.crt');
  const key = join(folder, 'ca.key');
  return {
    certificate,
    key,
    issue(name, { subject, altNames, usage, days = 30 }) {
      const file = (ending: string) => join(folder, `${name}.${ending}`);
      const issued = { certificate: file('crt'), key: file('key') };
      const extensions = [
        `extendedKeyUsage=${usage}`,
        ...(altNames === undefined ? [] : [`subjectAltName=${altNames}`]),
      ];
      writeFileSync(file('ext'), extensions.join('\n'));
      openssl(['req', '-new', ...NEW_KEY, '-subj', subject, '-keyout', issued.key, '-out', file('csr')]);
      const signer = ['-CA', certificate, '-CAkey', key, '-CAcreateserial', '-days', String(days)];
      openssl(['x509', '-req', '-in', file('csr'), ...signer, '-extfile', file('ext'), '-out', issued.certificate]);
      return issued;
    },
  };
}

/** The key pair that signs service account tokens; gives the paths of both halves. */
export function createTokenKeys(folder: string): { readonly privateKey: string; readonly publicKey: string } {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const privateKey = join(folder, 'sa.key');
  const publicKey = join(folder, 'sa.pub');
  writeFileSync(privateKey, pair.privateKey, { mode: 0o600 });
  writeFileSync(publicKey, pair.publicKey);
  return { privateKey, publicKey };
}

function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}
