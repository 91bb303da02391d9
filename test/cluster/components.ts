import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Authority, createTokenKeys } from './certificates.ts';

/** Where the components of one control plane live, and by which address and ports they find each other. */
export interface Site {
  readonly folder: string;
  readonly authority: Authority;
  /** The address that the API server is asked at: loopback, or the node's own in the node tier. */
  readonly address: string;
  readonly ports: { readonly etcd: number; readonly peer: number; readonly api: number };
  /** For the components themselves; the server is `address`. */
  readonly kubeconfig: string;
  readonly hasNode: boolean;
  /** The controllers that run; all where absent. */
  readonly controllers?: readonly string[] | undefined;
}

export const SERVICE_CIDR = '10.96.0.0/16';
export const POD_CIDR = '10.88.0.0/16';
const FIRST_SERVICE_ADDRESS = '10.96.0.1';

export function etcdFlags({ folder, ports }: Site): readonly string[] {
  const client = `http://127.0.0.1:${ports.etcd}`;
  const peer = `http://127.0.0.1:${ports.peer}`;
  return [
    'etcd',
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // The data lives as long as the run, so there is no crash to survive.
    '--unsafe-no-fsync',
    '--log-level=warn',
  ];
}

export function apiServerFlags(site: Site, tokens: Readonly<Record<string, string>>): readonly string[] {
  const { folder, authority, address, ports } = site;
  const keys = createTokenKeys(folder);
  const serving = authority.issue('serving', {
    subject: '/CN=kube-apiserver',
    altNames: ['IP:127.0.0.1', `IP:${address}`, `IP:${FIRST_SERVICE_ADDRESS}`, ...SERVICE_NAMES].join(),
    usage: 'serverAuth',
  });
  return [
    'kube-apiserver',
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    `--secure-port=${ports.api}`,
    `--tls-cert-file=${serving.certificate}`,
    `--tls-private-key-file=${serving.key}`,
    `--client-ca-file=${authority.certificate}`,
    `--token-auth-file=${writeTokens(folder, tokens)}`,
    '--authorization-mode=Node,RBAC',
    `--service-cluster-ip-range=${SERVICE_CIDR}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${keys.publicKey}`,
    `--service-account-signing-key-file=${keys.privateKey}`,
    '--allow-privileged',
    ...(site.hasNode ? nodeFlags(site) : LOOPBACK_FLAGS),
  ];
}

export function controllerManagerFlags(site: Site): readonly string[] {
  return [
    'kube-controller-manager',
    ...sharedFlags(site),
    `--root-ca-file=${site.authority.certificate}`,
    `--service-account-private-key-file=${join(site.folder, 'sa.key')}`,
    `--cluster-signing-cert-file=${site.authority.certificate}`,
    `--cluster-signing-key-file=${site.authority.key}`,
    '--use-service-account-credentials',
    ...(site.controllers === undefined ? [] : [`--controllers=${site.controllers.join()}`]),
  ];
}

export function schedulerFlags(site: Site): readonly string[] {
  return ['kube-scheduler', ...sharedFlags(site)];
}

const SERVICE_NAMES = ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'].map(
  (name) => `DNS:${name}`,
);

// The server refuses to advertise loopback, and without a node nobody needs the address.
const LOOPBACK_FLAGS = ['--bind-address=127.0.0.1', '--endpoint-reconciler-type=none'];

function nodeFlags({ authority, address }: Site): readonly string[] {
  const client = authority.issue('kubelet-client', {
    subject: '/O=system:masters/CN=kube-apiserver-kubelet-client',
    usage: 'clientAuth',
  });
  const proxy = authority.issue('front-proxy', { subject: '/CN=front-proxy-client', usage: 'clientAuth' });
  return [
    '--bind-address=0.0.0.0',
    `--advertise-address=${address}`,
    `--kubelet-client-certificate=${client.certificate}`,
    `--kubelet-client-key=${client.key}`,
    '--kubelet-preferred-address-types=InternalIP',
    // How the server signs in at APIs that others serve, such as the metrics.
    `--requestheader-client-ca-file=${authority.certificate}`,
    '--requestheader-allowed-names=front-proxy-client',
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    `--proxy-client-cert-file=${proxy.certificate}`,
    `--proxy-client-key-file=${proxy.key}`,
    '--enable-aggregator-routing=true',
  ];
}

function sharedFlags({ kubeconfig }: Site): readonly string[] {
  const files = ['kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig'];
  return [...files.map((flag) => `--${flag}=${kubeconfig}`), '--leader-elect=false', '--secure-port=0'];
}

function writeTokens(folder: string, tokens: Readonly<Record<string, string>>): string {
  const file = join(folder, 'tokens.csv');
  const rows = Object.entries(tokens).map(
    ([user, token]) => `${token},${user},${user},"${user === 'admin' ? 'system:masters' : ''}"`,
  );
  writeFileSync(file, `${rows.join('\n')}\n`, { mode: 0o600 });
  return file;
}
