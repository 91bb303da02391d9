import { existsSync, readFileSync } from 'node:fs';
import { missingToolchain } from './binaries.ts';

export type Tier = 'given' | 'control-plane';

export interface TierChoice {
  /** The best tier that this machine can have; undefined where it can have none. */
  readonly tier: Tier | undefined;
  /** One line on what is run, and what is not and why. */
  readonly says: string;
}

/** Chooses what the cluster suite runs against. `QNA_TEST_KUBECONFIG` names a cluster; else one is built and started here. */
export function chooseTier(env: Readonly<Record<string, string | undefined>>): TierChoice {
  const given = env.QNA_TEST_KUBECONFIG;
  if (given !== undefined && given !== '') {
    if (!existsSync(given))
      return { tier: undefined, says: `QNA_TEST_KUBECONFIG names ${given}, which does not exist` };
    readFileSync(given);
    return { tier: 'given', says: `running against the cluster of ${given}` };
  }
  const missing = missingToolchain();
  if (missing !== undefined) return { tier: undefined, says: `the cluster suite was NOT run: ${missing}` };
  return {
    tier: 'control-plane',
    says: 'running against etcd, kube-apiserver, kube-controller-manager and kube-scheduler on loopback; no kubelet, so no pod runs',
  };
}
