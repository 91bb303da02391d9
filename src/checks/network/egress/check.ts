import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { NetworkPolicy, NetworkPolicyRule } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { ipBlockContains } from '../../../kubernetes/cidr.ts';
import { policiesOn, ruleAllowsPort } from '../../../kubernetes/network-policies.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import type { Workload } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';

/** Where clouds hand out the credentials of a node to whoever asks from it. */
const METADATA_ADDRESS = '169.254.169.254';

export const networkEgressCheck = defineCheck({
  id: 'network/egress',
  title: 'The service reaches DNS and its provider, and not the metadata address of the cloud',
  severity: 'warning',
  why: 'An LLM that may fetch a URL can be asked to fetch the credentials of the node. A policy that forgets DNS or port 443 breaks every call to the provider instead.',
  how: 'Over all egress rules of the NetworkPolicies that select the pods of the service: a rule lets UDP port 53 out, a rule lets TCP port 443 out, and no rule for anything but DNS leads to 169.254.169.254. A rule without peers leads everywhere; an ipBlock leads to its range without its exceptions. A service that no policy isolates reaches everything.',
  fix: 'Let port 53 out without a peer, and port 443 to ipBlock 0.0.0.0/0 with except 169.254.0.0/16.',
  verify: 'kubectl exec DEPLOYMENT -- curl -m 3 http://169.254.169.254/ must time out.',
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-ipblock-selectors',
    'https://kubernetes.io/docs/tasks/administer-cluster/securing-a-cluster/#restricting-cloud-metadata-api-access',
    'https://www.rfc-editor.org/rfc/rfc3927',
  ],
  needs: [...ROLE_FACTS, 'networkPolicies'],
  evaluate: (facts, settings) =>
    orNotApplicable(
      playing('service', rolesOf(facts, settings)).flatMap((workload) => judge(workload, facts.networkPolicies)),
      'No workload takes traffic through a Service.',
    ),
});

interface EgressRule {
  readonly policy: Resource<NetworkPolicy>;
  readonly rule: NetworkPolicyRule;
  readonly index: number;
}

function judge(workload: Workload, policies: readonly Resource<NetworkPolicy>[]): readonly Verdict[] {
  const isolating = policiesOn(workload, 'Egress', policies);
  const { ref: subject, locate } = workload.resource;
  const [first] = isolating;
  if (first === undefined)
    return [
      {
        outcome: 'fail',
        subject,
        message: `No policy restricts what the service reaches, ${METADATA_ADDRESS} included.`,
        where: locate(['spec', 'template', 'metadata', 'labels']),
        observed: 'no NetworkPolicy for Egress selects the pods',
        expected: 'a policy with egress rules for DNS and port 443',
      },
    ];
  const rules = isolating.flatMap((policy): readonly EgressRule[] =>
    (policy.object.spec?.egress ?? []).map((rule, index) => ({ policy, rule, index })),
  );
  const lacking = [
    ...(rules.some(({ rule }) => ruleAllowsPort(rule, 53, 'UDP')) ? [] : ['UDP port 53, so no name is resolved']),
    ...(rules.some(({ rule }) => ruleAllowsPort(rule, 443, 'TCP')) ? [] : ['TCP port 443, so no provider is reached']),
  ];
  const leading = rules.filter(({ rule }) => leadsToMetadata(rule));
  const shown = isolating.map(({ ref }) => ref).join(', ');
  const faults: readonly Verdict[] = [
    ...lacking.map(
      (what): Verdict => ({
        outcome: 'fail',
        subject,
        message: `The policies let out no ${what}.`,
        where: first.locate(['spec', 'egress']),
        observed: `${shown}: ports ${rules.flatMap(({ rule }) => (rule.ports ?? []).map(({ port, protocol = 'TCP' }) => `${protocol} ${port ?? 'all'}`)).join(', ') || 'none'}`,
        expected: 'rules for UDP 53 and TCP 443',
      }),
    ),
    ...leading.map(
      ({ policy, rule, index }): Verdict => ({
        outcome: 'fail',
        subject,
        message: `${policy.ref} lets the service reach ${METADATA_ADDRESS}, where the credentials of the node are.`,
        where: policy.locate(['spec', 'egress', index]),
        observed: (rule.to ?? []).length === 0 ? 'a rule without peers' : JSON.stringify(rule.to),
        expected: 'an ipBlock with except 169.254.0.0/16',
      }),
    ),
  ];
  if (faults.length > 0) return faults;
  return [
    {
      outcome: 'pass',
      subject,
      message: 'The service reaches what it needs, and not the metadata address.',
      where: first.locate(['spec', 'egress']),
      observed: shown,
    },
  ];
}

/** A rule for port 53 alone is about names: the resolvers of a node can lie in the same range. */
function leadsToMetadata({ to, ports }: NetworkPolicyRule): boolean {
  const onlyDns =
    (ports ?? []).length > 0 && (ports ?? []).every(({ port, endPort }) => port === 53 && endPort === undefined);
  if (onlyDns) return false;
  return (to ?? []).length === 0 || (to ?? []).some(({ ipBlock }) => ipBlockContains(ipBlock ?? {}, METADATA_ADDRESS));
}
