import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kubeconfig } from '../kubeconfig.ts';
import type { NodeComponent } from './kubelet.ts';
import { NODE_ADDRESS } from './network-namespace.ts';

/** Writes the files of CoreDNS, which answers on the node's address, and gives its flags. */
export function coreDnsFlags({ run, authority, api }: NodeComponent): readonly string[] {
  const identity = authority.issue('coredns', { subject: '/O=system:masters/CN=coredns', usage: 'clientAuth' });
  const access = join(run.folder, 'coredns.kubeconfig');
  writeFileSync(access, kubeconfig(api, identity), { mode: 0o600 });
  const file = join(run.folder, 'Corefile');
  writeFileSync(
    file,
    `cluster.local in-addr.arpa {
  bind ${NODE_ADDRESS}
  errors
  ready 127.0.0.1:8181
  kubernetes {
    kubeconfig ${access} test
  }
}
# There is no world outside: a name that is not the cluster's does not exist.
. {
  bind ${NODE_ADDRESS}
  template ANY ANY {
    rcode NXDOMAIN
  }
}
`,
  );
  return ['-conf', file];
}
