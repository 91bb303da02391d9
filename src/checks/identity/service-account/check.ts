import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { KubernetesObject, PodSpec } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { findByName } from '../../../kubernetes/references/by-name.ts';
import { WORKLOAD_FACTS, type Workload, workloadsOf } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';

export const serviceAccountCheck = defineCheck({
  id: 'identity/service-account',
  title: 'Each workload has an identity of its own, and no token that it does not use',
  severity: 'warning',
  why: 'The default ServiceAccount is shared by all: a right that is given to one pod is given to every pod. A token that is mounted without need is a way into the API server for whoever reads a file.',
  how: 'Each pod names a ServiceAccount other than default, and that one exists. The token is not mounted: automountServiceAccountToken is false on the pod, or on the ServiceAccount where the pod does not say; a pod that says true itself declares that it uses the token.',
  fix: 'Create a ServiceAccount with automountServiceAccountToken: false, name it in serviceAccountName, and set automountServiceAccountToken: true only on the pod that speaks to the API server.',
  verify:
    "kubectl get deployment NAME -o jsonpath='{.spec.template.spec.serviceAccountName} {.spec.template.spec.automountServiceAccountToken}'",
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/',
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/',
  ],
  needs: [...WORKLOAD_FACTS, 'serviceAccounts'],
  evaluate: (facts) =>
    orNotApplicable(
      workloadsOf(facts).flatMap((workload) => judge(workload, facts.serviceAccounts)),
      'There is no workload.',
    ),
});

type NamedSpec = PodSpec & { readonly serviceAccount?: string };
type ServiceAccount = KubernetesObject & { readonly automountServiceAccountToken?: boolean };

function judge(workload: Workload, accounts: readonly Resource[]): readonly Verdict[] {
  const { resource, specPath } = workload;
  const { serviceAccountName, serviceAccount, automountServiceAccountToken: ofPod }: NamedSpec = workload.spec;
  // The API server copies the deprecated name into the new one.
  const name = serviceAccountName || serviceAccount || 'default';
  const account = findByName(accounts, name, resource.object);
  const mounted = ofPod ?? (account?.object as ServiceAccount | undefined)?.automountServiceAccountToken;
  const subject = resource.ref;
  const faults: Verdict[] = [];
  const fail = (field: string, message: string, observed: string, expected: string): void => {
    faults.push({
      outcome: 'fail',
      subject,
      message,
      where: resource.locate([...specPath, field]),
      observed,
      expected,
    });
  };
  if (name === 'default')
    fail(
      'serviceAccountName',
      'The workload shares the default ServiceAccount.',
      'ServiceAccount default',
      'a ServiceAccount of its own',
    );
  else if (account === undefined)
    fail(
      'serviceAccountName',
      'The ServiceAccount that is named does not exist, so no pod is created.',
      `ServiceAccount ${name}`,
      `a ServiceAccount ${name} in the same namespace`,
    );
  if (mounted === undefined || (mounted && ofPod === undefined))
    fail(
      'automountServiceAccountToken',
      'A token for the API server is mounted, and nothing says that it is used.',
      mounted === undefined ? 'no automountServiceAccountToken, which means true' : `true on ${account?.ref}`,
      'automountServiceAccountToken false, or true on the pod that uses it',
    );
  if (faults.length > 0) return faults;
  return [
    {
      outcome: 'pass',
      subject,
      message: mounted
        ? 'It has an identity of its own, and says that it uses its token.'
        : 'It has an identity of its own and no token.',
      where: resource.locate([...specPath, 'serviceAccountName']),
      observed: `ServiceAccount ${name}, automountServiceAccountToken ${mounted}`,
    },
  ];
}
