import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { authorityIn } from '../../certificates.ts';
import type { Stage } from '../stage.ts';

interface Wanted {
  readonly host?: string;
  readonly days?: number;
}

/** Puts a certificate of the test's own making into a Secret, which cert-manager fills no more. */
export async function serveWith(stage: Stage, secret: string, wanted: Wanted): Promise<void> {
  await forgetCertificate(stage, secret);
  const { certificate, key } = issue(stage, 'tls', wanted);
  await stage.kubectl('create', 'secret', 'tls', secret, `--cert=${certificate}`, `--key=${key}`);
}

/** Without what orders it, an object or an annotation, cert-manager does not mend the Secret. */
export async function forgetCertificate({ kubectl }: Stage, secret: string): Promise<void> {
  await kubectl('annotate', 'ingresses', '--all', 'cert-manager.io/cluster-issuer-');
  await kubectl('delete', 'certificates', '--all', '--wait');
  await kubectl('delete', 'secret', secret, '--ignore-not-found');
}

/** The key of another certificate, in base64. */
export function anotherKey(stage: Stage): string {
  return readFileSync(issue(stage, 'other', {}).key).toString('base64');
}

export async function certificateOf({ read }: Stage, secret: string): Promise<X509Certificate> {
  return new X509Certificate(Buffer.from(await read(`secrets/${secret}`, 'data/tls.crt'), 'base64'));
}

function issue({ cluster, namespace, host: own }: Stage, name: string, { host = own, days = 60 }: Wanted) {
  return authorityIn(cluster.facts.folder).issue(`${namespace}-${name}`, {
    subject: `/CN=${host}`,
    altNames: `DNS:${host}`,
    usage: 'serverAuth',
    days,
  });
}
