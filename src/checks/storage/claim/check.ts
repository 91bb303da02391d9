import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Location, Path } from '../../../core/location.ts';
import type { PersistentVolumeClaim } from '../../../core/objects.ts';
import { asDatabaseClusters, type DatabaseCluster } from '../../../kubernetes/database-cluster.ts';
import { parseQuantity } from '../../../kubernetes/quantity.ts';
import { claimsOf, namedClaim } from '../../../kubernetes/references/claims.ts';
import { ROLE_FACTS } from '../../../kubernetes/roles.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { databasesOf } from '../databases.ts';

export const claimCheck = defineCheck({
  id: 'storage/claim',
  title: "The database's storage is claimed with a size and an access mode",
  severity: 'error',
  why: 'Data in the layer of a container or in an emptyDir is gone with the pod. Only a claim outlives it, and only one with a size and an access mode is accepted at all.',
  how: 'Each database holds a claim: one named by claimName that is among the input, or a volumeClaimTemplate. Each such claim, and every other PersistentVolumeClaim, asks for a size above zero that is a valid quantity, and for an access mode. A class that is left out means the default class; an empty class means that nobody provisions, and then a volume must be named.',
  fix: 'Write a PersistentVolumeClaim with accessModes [ReadWriteOnce] and resources.requests.storage, and mount it in the StatefulSet, or give the StatefulSet a volumeClaimTemplate.',
  verify: 'kubectl get pvc -o wide',
  references: [
    'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#persistentvolumeclaims',
    'https://kubernetes.io/docs/concepts/storage/storage-classes/#default-storageclass',
  ],
  needs: [...ROLE_FACTS, 'persistentVolumeClaims', 'databaseClusters'],
  evaluate: (facts, settings) => {
    const databases = databasesOf(facts, settings);
    const held = databases.flatMap((workload): readonly Verdict[] => {
      const claims = claimsOf(workload);
      const { ref: subject, locate } = workload.resource;
      if (claims.length === 0)
        return [
          {
            outcome: 'fail',
            subject,
            message: 'The database holds no claim, so its data is gone with its pod.',
            where: locate([...workload.specPath, 'volumes']),
            observed: 'no persistentVolumeClaim volume and no volumeClaimTemplate',
            expected: 'a PersistentVolumeClaim or a volumeClaimTemplate',
          },
        ];
      return claims.flatMap((claim): readonly Verdict[] => {
        if (claim.template !== undefined)
          return [
            judgeSpec(`${subject} volumeClaimTemplate ${claim.volume}`, claim.template, (path) =>
              locate([...claim.path, 'spec', ...path]),
            ),
          ];
        // A claim that is among the input is judged as itself below.
        if (namedClaim(claim, facts.persistentVolumeClaims) !== undefined) return [];
        return [
          {
            outcome: 'fail',
            subject,
            message: `The database waits for the claim ${claim.claimName}, which is not among the input.`,
            where: locate(claim.path),
            observed: `claimName ${claim.claimName}, and no such PersistentVolumeClaim`,
            expected: 'a PersistentVolumeClaim of that name in the same namespace',
          },
        ];
      });
    });
    const claims = facts.persistentVolumeClaims.map(({ object, ref, locate }) =>
      judgeSpec(ref, object.spec ?? {}, (path) => locate(['spec', ...path])),
    );
    const operated = asDatabaseClusters(facts.databaseClusters).map(({ object, ref, locate }) =>
      judgeSpec(ref, specOfCluster(object), (path) => locate(['spec', 'storage', ...path.slice(-1)])),
    );
    return orNotApplicable([...held, ...operated, ...claims], 'There is no database and no claim.');
  },
});

function judgeSpec(
  subject: string,
  spec: NonNullable<PersistentVolumeClaim['spec']>,
  locate: (path: Path) => Location,
): Verdict {
  const fail = (path: Path, message: string, observed: string, expected: string): Verdict => ({
    outcome: 'fail',
    subject,
    message,
    where: locate(path),
    observed,
    expected,
  });
  const size = spec.resources?.requests?.storage;
  const bytes = parseQuantity(size);
  if (size === undefined)
    return fail(
      ['resources', 'requests', 'storage'],
      'The claim asks for no size.',
      'no resources.requests.storage',
      'a size such as 20Gi',
    );
  if (bytes === undefined || bytes <= 0)
    return fail(
      ['resources', 'requests', 'storage'],
      'The size of the claim is no quantity above zero.',
      String(size),
      'a size such as 20Gi',
    );
  if ((spec.accessModes ?? []).length === 0)
    return fail(
      ['accessModes'],
      'The claim asks for no access mode.',
      'no accessModes',
      'ReadWriteOnce or ReadWriteOncePod',
    );
  if (spec.storageClassName === '' && (spec.volumeName ?? '') === '')
    return fail(
      ['storageClassName'],
      'The claim has an empty class and names no volume, so nothing provisions it.',
      'storageClassName ""',
      'the name of a class, no storageClassName at all for the default class, or a volumeName',
    );
  const storageClass = spec.storageClassName === undefined ? 'the default class' : `class ${spec.storageClassName}`;
  return {
    outcome: 'pass',
    subject,
    message: 'The claim says what it needs.',
    where: locate([]),
    observed: `${size}, ${(spec.accessModes ?? []).join(', ')}, ${storageClass}`,
  };
}

/** CloudNativePG writes the claims of its pods itself, from a size. */
function specOfCluster({ spec }: DatabaseCluster): NonNullable<PersistentVolumeClaim['spec']> {
  const size = spec?.storage?.size ?? spec?.storage?.pvcTemplate?.resources?.requests?.storage;
  return {
    accessModes: ['ReadWriteOnce'],
    ...(size === undefined ? {} : { resources: { requests: { storage: size } } }),
    ...(spec?.storage?.storageClass === undefined ? {} : { storageClassName: spec.storage.storageClass }),
  };
}
