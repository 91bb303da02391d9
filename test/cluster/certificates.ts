import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate authority of one run, in one folder. */
export interface Authority {
  readonly certificate: string;
  /** Issues a certificate; gives the paths of certificate and key. `days` of 0 has expired a second later. */
  issue(name: string, options: IssueOptions): { readonly certificate: string; readonly key: string };
}

export interface IssueOptions {
  /** Such as `/O=system:masters/CN=admin`. */
  readonly subject: string;
  readonly altNames?: string;
  readonly usage: 'serverAuth' | 'clientAuth';
  readonly days?: number;
}

export function createAuthority(folder: string): Authority {
  const certificate = join(folder, 'ca.crt');
  const caKey = join(folder, 'ca.key');
  openssl([
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=qna-ready test',
    '-keyout',
    caKey,
    '-out',
    certificate,
  ]);
  return {
    certificate,
    issue(name, { subject, altNames, usage, days = 2 }) {
      const key = join(folder, `${name}.key`);
      const request = join(folder, `${name}.csr`);
      const issued = join(folder, `${name}.crt`);
      const extensions = join(folder, `${name}.ext`);
      writeFileSync(
        extensions,
        [`extendedKeyUsage=${usage}`, ...(altNames === undefined ? [] : [`subjectAltName=${altNames}`])].join('\n'),
      );
      openssl(['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-subj', subject, '-keyout', key, '-out', request]);
      openssl([
        'x509',
        '-req',
        '-in',
        request,
        '-CA',
        certificate,
        '-CAkey',
        caKey,
        '-CAcreateserial',
        '-days',
        String(days),
        '-extfile',
        extensions,
        '-out',
        issued,
      ]);
      return { certificate: issued, key };
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
  execFileSync('openssl', [...args], { stdio: 'pipe' });
}
