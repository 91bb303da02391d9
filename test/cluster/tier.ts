import { existsSync } from 'node:fs';
import type { Tier } from './cluster-facts.ts';
import { firstMissing, requirementsOf } from './requirements.ts';

export interface TierChoice {
  /** The best tier that this machine can have; undefined where it can have none. */
  readonly tier: Tier | undefined;
  /** One line on what is run, and what is not and why. */
  readonly says: string;
  /** Somebody asked for a tier by name, so doing without it is a failure. */
  readonly demanded: boolean;
}

/** Tiers that the harness starts itself, the best first. */
export const OFFERED_TIERS = ['node', 'control-plane'] as const;

const SAYS = {
  node: 'running against a whole cluster of one node, in a network namespace of its own: pods run',
  'control-plane':
    'running against etcd, kube-apiserver, kube-controller-manager and kube-scheduler on loopback; no kubelet, so no pod runs',
} as const;

/**
 * Chooses what the cluster suite runs against. `QNA_TEST_KUBECONFIG` names a cluster that exists; else the best tier
 * that this machine can have is built and started, or the one that `QNA_TEST_TIER` names.
 */
export function chooseTier(env: Readonly<Record<string, string | undefined>>): TierChoice {
  const { QNA_TEST_KUBECONFIG: given = '', QNA_TEST_TIER: wanted = '' } = env;
  const demanded = wanted !== '' || given !== '';
  const none = (why: string): TierChoice => ({
    tier: undefined,
    says: `the cluster suite was NOT run: ${why}`,
    demanded,
  });
  if (given !== '' && (wanted === '' || wanted === 'given')) {
    if (!existsSync(given)) return none(`QNA_TEST_KUBECONFIG names ${given}, which does not exist`);
    return { tier: 'given', says: `running against the cluster of ${given}`, demanded };
  }
  if (wanted === 'given') return none('QNA_TEST_TIER asks for a given cluster, and QNA_TEST_KUBECONFIG names none');
  if (wanted !== '') {
    const tier = OFFERED_TIERS.find((offered) => offered === wanted);
    if (tier === undefined) return none(`QNA_TEST_TIER names ${wanted}; choose given, ${OFFERED_TIERS.join(' or ')}`);
    const missing = firstMissing(requirementsOf(tier));
    return missing === undefined ? { tier, says: SAYS[tier], demanded } : none(missing);
  }
  const reasons: string[] = [];
  for (const tier of OFFERED_TIERS) {
    const missing = firstMissing(requirementsOf(tier));
    if (missing === undefined) return { tier, says: [SAYS[tier], ...reasons].join('; '), demanded };
    reasons.push(`not the ${tier} tier: ${missing}`);
  }
  return none(reasons.join('; '));
}
