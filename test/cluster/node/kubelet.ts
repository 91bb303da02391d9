import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Authority } from '../certificates.ts';
import { kubeconfig } from '../kubeconfig.ts';
import type { Run } from '../run.ts';
import { NODE_ADDRESS } from './network-namespace.ts';

export const NODE_NAME = 'qna-node';

export interface NodeComponent {
  readonly run: Run;
  readonly authority: Authority;
  /** The API server as the node sees it, and its authority's certificate in PEM. */
  readonly api: { readonly server: string; readonly ca: string };
}

/** Writes the kubelet's files and gives its flags; it signs in as a kubelet does, under the Node authorizer. */
export function kubeletFlags(
  { run, authority, api }: NodeComponent,
  containerdSocket: string,
  controlGroup: string,
): readonly string[] {
  const file = (name: string) => join(run.folder, name);
  const identity = authority.issue('kubelet', {
    subject: `/O=system:nodes/CN=system:node:${NODE_NAME}`,
    usage: 'clientAuth',
  });
  writeFileSync(file('kubelet.kubeconfig'), kubeconfig(api, identity), { mode: 0o600 });
  writeFileSync(file('resolv.conf'), '');
  mkdirSync(file('kubelet'));
  const configuration = {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: NODE_ADDRESS,
    authentication: { anonymous: { enabled: false }, x509: { clientCAFile: authority.certificate } },
    authorization: { mode: 'Webhook' },
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${controlGroup}`,
    failCgroupV1: false,
    failSwapOn: false,
    enforceNodeAllocatable: [],
    // The machine's own disk and memory are not this node's business.
    evictionHard: Object.fromEntries(
      ['memory.available', 'nodefs.available', 'nodefs.inodesFree', 'imagefs.available', 'imagefs.inodesFree'].map(
        (signal) => [signal, '0%'],
      ),
    ),
    // How full a claim is can be told as soon as its pod runs.
    volumeStatsAggPeriod: '1s',
    imageGCHighThresholdPercent: 100,
    clusterDNS: [NODE_ADDRESS],
    clusterDomain: 'cluster.local',
    resolvConf: file('resolv.conf'),
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    podLogsDir: file('pod-logs'),
    volumePluginDir: file('volume-plugins'),
    oomScoreAdj: 0,
  };
  writeFileSync(file('kubelet.json'), JSON.stringify(configuration));
  return [
    'kubelet',
    `--config=${file('kubelet.json')}`,
    `--kubeconfig=${file('kubelet.kubeconfig')}`,
    `--root-dir=${file('kubelet')}`,
    `--cert-dir=${file('kubelet-certificates')}`,
    `--hostname-override=${NODE_NAME}`,
    `--node-ip=${NODE_ADDRESS}`,
  ];
}
