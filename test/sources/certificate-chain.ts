import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export interface IssueOptions {
  readonly altNames?: string;
  readonly days?: number;
  /** As `openssl req -newkey` takes it, with its options. */
  readonly key?: readonly string[];
  readonly digest?: string;
}

export interface Issued {
  readonly key: string;
  readonly cert: string;
}

/** A root and an intermediate that it signed, which issues certificates; all in PEM. Made outside of tests, and gone after them. */
export interface CertificateChain {
  readonly root: string;
  readonly intermediate: string;
  issue(options?: IssueOptions): Issued;
}

const EC = ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];

export function createChain(intermediateDays = 30): CertificateChain {
  const folder = mkdtempSync(join(tmpdir(), 'qna-ready-chain-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string) => join(folder, name);
  openssl(['req', '-x509', '-newkey', ...EC, '-nodes', '-days', '60', '-subj', '/CN=test root', ...out('root')]);
  const sign = (name: string, by: string, subject: string, extensions: string, options: IssueOptions) => {
    const { days = 30, key = EC, digest = 'sha256' } = options;
    writeFileSync(file(`${name}.ext`), extensions);
    openssl([
      'req',
      '-new',
      '-newkey',
      ...key,
      '-nodes',
      '-subj',
      subject,
      '-keyout',
      file(`${name}.key`),
      '-out',
      file(`${name}.csr`),
    ]);
    openssl([
      ...['x509', '-req', '-in', file(`${name}.csr`), '-CA', file(`${by}.pem`), '-CAkey', file(`${by}.key`)],
      ...['-CAcreateserial', '-days', String(days), `-${digest}`, '-extfile', file(`${name}.ext`)],
      ...['-out', file(`${name}.pem`)],
    ]);
  };
  sign('intermediate', 'root', '/CN=test intermediate', 'basicConstraints=CA:TRUE\nkeyUsage=keyCertSign', {
    days: intermediateDays,
  });
  const read = (name: string) => readFileSync(file(name), 'utf8');
  return {
    root: read('root.pem'),
    intermediate: read('intermediate.pem'),
    issue(options = {}) {
      const { altNames = 'IP:127.0.0.1' } = options;
      sign('leaf', 'intermediate', '/CN=test server', `subjectAltName=${altNames}`, options);
      return { key: read('leaf.key'), cert: read('leaf.pem') };
    },
  };

  function out(name: string): readonly string[] {
    return ['-keyout', file(`${name}.key`), '-out', file(`${name}.pem`)];
  }
}

function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}
