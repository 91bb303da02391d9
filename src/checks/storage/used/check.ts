import type { Severity, Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { ClaimUsage, Facts } from '../../../core/facts.ts';
import type { PersistentVolumeClaim } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { sameNamespace } from '../../../kubernetes/label-selector.ts';
import { claimsMountedBy } from '../../../kubernetes/mounted-claims.ts';
import { parseQuantity } from '../../../kubernetes/quantity.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { describeShare, usedShare } from './share.ts';

/** A claim can still be made larger on a working day. */
const WARN_SHARE = 0.8;
/** A vacuum, an index or an hour without archiving writes the rest full. */
const ERROR_SHARE = 0.9;
const EXPECTED = `at most ${WARN_SHARE * 100} % used`;

export const usedCheck = defineCheck({
  id: 'storage/used',
  title: 'Each claim has room left',
  severity: 'error',
  why: 'A database whose volume is full stops in the middle of a write, and does not start again before there is room. That it fills up is seen weeks before, by whoever looks.',
  how: `For each bound claim that a running pod mounts, the kubelet of that pod's node is asked how many bytes and inodes are used (stats/summary, through the API server). More than ${WARN_SHARE * 100} % of either is a warning: there is time to enlarge the claim on a working day. More than ${ERROR_SHARE * 100} % is an error: one vacuum, one new index or an hour without archiving fills the rest. Where the volume is a folder of a larger file system, such as the node's disk, that file system is what is measured: it passes while what is free there is more than the whole claim. A claim that no running pod mounts is measured by nobody, and a block device has no file system to measure. Asking takes the right to get nodes/proxy, which is a strong one; where it is not given, the answer is unknown.`,
  fix: 'Enlarge the claim where its class allows that, delete what is not needed, or shorten how long it is kept.',
  verify: "kubectl get --raw /api/v1/nodes/NODE/proxy/stats/summary | jq '.pods[].volume[]? | select(.pvcRef)'",
  references: [
    'https://kubernetes.io/docs/reference/instrumentation/node-metrics/',
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#access-to-proxy-subresource-of-nodes',
    'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims',
    'https://www.postgresql.org/docs/current/disk-full.html',
  ],
  only: ['cluster'],
  needs: ['persistentVolumeClaims', 'pods', 'volumeStats'],
  evaluate: (facts) =>
    orNotApplicable(
      facts.persistentVolumeClaims
        .filter(({ object }) => object.status?.phase === 'Bound')
        .flatMap((claim) => judge(claim, facts)),
      'No claim of the namespace is bound to a volume.',
    ),
});

function judge(
  claim: Resource<PersistentVolumeClaim>,
  { pods, volumeStats }: Pick<Facts, 'pods' | 'volumeStats'>,
): readonly Verdict[] {
  const { object, ref: subject, locate } = claim;
  const { name = '', namespace } = object.metadata ?? {};
  const where = locate(['status', 'capacity', 'storage']);
  const skipped = (message: string): readonly Verdict[] => [{ outcome: 'not-applicable', subject, message, where }];
  if (object.spec?.volumeMode === 'Block')
    return skipped('It is a block device, and only what uses it knows how full it is.');
  const pod = pods.find(
    (each) =>
      each.object.status?.phase === 'Running' &&
      sameNamespace(each.object, object) &&
      claimsMountedBy(each.object).includes(name),
  );
  if (pod === undefined) return skipped('No running pod mounts the claim, so no kubelet measures it.');
  const usages = volumeStats.filter((usage) => usage.claim === name && usage.namespace === namespace);
  if (usages.length === 0)
    return [
      {
        outcome: 'unknown',
        subject,
        message: `The kubelet of the node ${pod.object.spec?.nodeName ?? '(none)'} tells nothing of the volume: the pod has run for less than the minute between two measurements, the driver of volumes like this one (hostPath, some of NFS) measures nothing, or the node was not read.`,
        where,
        fix: `Look from inside: kubectl exec ${pod.object.metadata?.name} -- df.`,
      },
    ];
  const faults = usages.flatMap((usage) => faultsOf(usage, object));
  if (faults.length > 0) return faults.map((fault) => ({ outcome: 'fail', subject, where, ...fault }));
  const observed = [...new Set(usages.map((usage) => `${describeShare(usage)}${companyOf(usage)}`))].join('; ');
  return [{ outcome: 'pass', subject, message: 'The claim has room left.', where, observed }];
}

type Fault = Pick<Verdict, 'message' | 'severity' | 'observed' | 'expected' | 'fix'>;

function faultsOf(usage: ClaimUsage, claim: PersistentVolumeClaim): readonly Fault[] {
  const size = parseQuantity(claim.status?.capacity?.storage) ?? Number.POSITIVE_INFINITY;
  const { bytes, inodes, sharedWith } = usage;
  // On a larger file system the claim can grow to its full size as long as that much is free there.
  const roomy = sharedWith !== undefined && bytes !== undefined && bytes.free >= size;
  return (
    [
      ['bytes', roomy ? undefined : bytes],
      ['inodes', inodes],
    ] as const
  ).flatMap(([what, share]): readonly Fault[] => {
    const severity = severityOf(share === undefined ? 0 : usedShare(share));
    if (severity === undefined) return [];
    return [
      {
        severity,
        message: `${sharedWith === undefined ? 'The volume' : 'The file system that the volume lies on'} is nearly out of ${what}.`,
        observed: `${describeShare(usage)}${companyOf(usage)}`,
        expected: EXPECTED,
        fix:
          what === 'inodes'
            ? 'Delete or pack small files: a larger volume may bring more inodes, or may not.'
            : mend(usage, claim),
      },
    ];
  });
}

function severityOf(share: number): Severity | undefined {
  if (share > ERROR_SHARE) return 'error';
  return share > WARN_SHARE ? 'warning' : undefined;
}

function companyOf({ sharedWith, node }: ClaimUsage): string {
  if (sharedWith === undefined) return '';
  return sharedWith === 'the node'
    ? `, of the disk of the node ${node}, which the volume is a folder of`
    : ', of a file system that is larger than the claim and that others use too';
}

function mend({ sharedWith, expandable, node }: ClaimUsage, { metadata, spec }: PersistentVolumeClaim): string {
  if (sharedWith !== undefined)
    return `Make room on that file system${sharedWith === 'the node' ? ` of the node ${node}` : ''}: the size of the claim bounds nothing there.`;
  if (expandable === undefined)
    return 'Enlarge the claim, where its StorageClass has allowVolumeExpansion; that could not be seen here.';
  if (expandable)
    return `Enlarge the claim, which its class ${spec?.storageClassName} allows: kubectl patch pvc ${metadata?.name} -p '{"spec":{"resources":{"requests":{"storage":"SIZE"}}}}'.`;
  return `The class ${spec?.storageClassName} does not let a claim grow: restore a backup into a larger claim, or have the class set allowVolumeExpansion.`;
}
