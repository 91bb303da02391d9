import type { KeyPairFiles } from './certificates.ts';

export type Identity = { readonly token: string } | KeyPairFiles;

/** A kubeconfig with one context, as a text; JSON, which every reader of YAML reads. */
export function kubeconfig(
  { server, ca }: { readonly server: string; readonly ca: string },
  identity: Identity,
  namespace = 'default',
): string {
  const user =
    'token' in identity ? identity : { 'client-certificate': identity.certificate, 'client-key': identity.key };
  // The client library lets nobody speak without TLS who has not said that they mean it.
  const trust = server.startsWith('http:')
    ? { 'insecure-skip-tls-verify': true }
    : { 'certificate-authority-data': Buffer.from(ca).toString('base64') };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server, ...trust } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace } }],
    users: [{ name: 'test', user }],
  });
}
