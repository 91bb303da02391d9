import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { POD_CIDR } from '../components.ts';
import { kubeconfig } from '../kubeconfig.ts';
import { NODE_NAME, type NodeComponent } from './kubelet.ts';

/** Writes the files of kube-proxy, which leads service addresses to pods, and gives its flags. */
export function kubeProxyFlags({ run, authority, api }: NodeComponent): readonly string[] {
  const identity = authority.issue('kube-proxy', { subject: '/CN=system:kube-proxy', usage: 'clientAuth' });
  const access = join(run.folder, 'kube-proxy.kubeconfig');
  writeFileSync(access, kubeconfig(api, identity), { mode: 0o600 });
  const configuration = {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'iptables',
    clusterCIDR: POD_CIDR,
    hostnameOverride: NODE_NAME,
    clientConnection: { kubeconfig: access },
    healthzBindAddress: '127.0.0.1:10256',
    metricsBindAddress: '127.0.0.1:10249',
    oomScoreAdj: 0,
    // A pod that calls a service whose endpoint sits on the same bridge would else get its answer from a stranger's address.
    iptables: { masqueradeAll: true },
    // The limits are the machine's and not the namespace's.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
  };
  const file = join(run.folder, 'kube-proxy.json');
  writeFileSync(file, JSON.stringify(configuration));
  return ['kube-proxy', `--config=${file}`];
}
