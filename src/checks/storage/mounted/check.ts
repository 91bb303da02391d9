import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { ConfigMap } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { claimsOf } from '../../../kubernetes/references/claims.ts';
import { ROLE_FACTS } from '../../../kubernetes/roles.ts';
import type { Workload, WorkloadContainer } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { databaseContainer, databasesOf } from '../databases.ts';
import { dataPathOf, liesUnder } from './data-path.ts';

/** Where the official images up to 17 keep their data, and where 18 refuses to find a mount. */
const OLD_PATH = '/var/lib/postgresql/data';

export const mountedCheck = defineCheck({
  id: 'storage/mounted',
  title: 'The database keeps its data on the claim that it mounts',
  severity: 'error',
  why: 'A claim that is mounted beside the data keeps nothing: the database runs, the claim is Bound, and the first restart loses everything. PostgreSQL 18 moved the data of its official image, so a path that was right became wrong.',
  how: 'The data lies where PGDATA says, else where the image keeps it: /var/lib/postgresql/data up to PostgreSQL 17, /var/lib/postgresql/<major>/docker from 18 on. The mount closest above that path must be a claim; the volume that the image declares for itself counts as a mount that keeps nothing.',
  fix: 'Mount the claim at /var/lib/postgresql for PostgreSQL 18 and later, at /var/lib/postgresql/data before, or set PGDATA to a folder below the mount.',
  verify: 'kubectl exec NAME-0 -- sh -c \'df $(psql -U USER -Atc "show data_directory")\'',
  references: [
    'https://hub.docker.com/_/postgres',
    'https://github.com/docker-library/postgres/pull/1259',
    'https://kubernetes.io/docs/concepts/storage/volumes/',
  ],
  needs: [...ROLE_FACTS, 'configMaps', 'databaseClusters'],
  evaluate: (facts, settings) =>
    orNotApplicable(
      [
        ...databasesOf(facts, settings).flatMap((workload) => judge(workload, facts.configMaps)),
        ...facts.databaseClusters.map(
          ({ ref }): Verdict => ({
            outcome: 'pass',
            subject: ref,
            message: 'The operator mounts the claims of its own pods.',
            observed: 'a CloudNativePG Cluster',
          }),
        ),
      ],
      'There is no database.',
    ),
});

function judge(workload: Workload, configMaps: readonly Resource<ConfigMap>[]): readonly Verdict[] {
  const container = databaseContainer(workload);
  if (container === undefined) return [];
  const { subject, path } = container;
  const where = workload.resource.locate([...path, 'volumeMounts']);
  const mounts = mountsOf(container);
  if (!mounts.some(({ claim }) => claim !== undefined))
    return [
      {
        outcome: 'fail',
        subject,
        message: 'The database mounts no claim, so its data is gone with its pod.',
        where,
        observed: mounts.length === 0 ? 'no volumeMounts' : `only ${mounts.map(({ shown }) => shown).join(', ')}`,
        expected: 'a mount of a PersistentVolumeClaim or of a volumeClaimTemplate',
      },
    ];
  const data = dataPathOf(container, configMaps);
  if (!data.known)
    return [
      {
        outcome: 'unknown',
        subject,
        message: `Whether the data lies on the claim cannot be told: ${data.reason}.`,
        where: workload.resource.locate([...path, 'image']),
      },
    ];
  const own = data.image?.volumePath;
  const candidates =
    own === undefined || mounts.some(({ mountPath }) => mountPath === own)
      ? mounts
      : [...mounts, { mountPath: own, shown: `the image's own volume at ${own}`, claim: undefined, index: -1 }];
  const closest = candidates
    .filter(({ mountPath }) => liesUnder(data.path, mountPath))
    .sort((a, b) => b.mountPath.length - a.mountPath.length)[0];
  const expected = `a claim mounted at or above ${data.path}, because ${data.because}`;
  const at =
    closest === undefined || closest.index < 0
      ? where
      : workload.resource.locate([...path, 'volumeMounts', closest.index]);
  const old = mounts.find(({ mountPath }) => mountPath === OLD_PATH);
  if (own === '/var/lib/postgresql' && old !== undefined && !liesUnder(data.path, OLD_PATH))
    return [
      {
        outcome: 'fail',
        subject,
        message: `PostgreSQL ${data.image?.major} refuses to start over a mount at the path of versions up to 17.`,
        where: workload.resource.locate([...path, 'volumeMounts', old.index, 'mountPath']),
        observed: old.shown,
        expected: 'the claim mounted at /var/lib/postgresql',
      },
    ];
  if (closest?.claim !== undefined)
    return [
      {
        outcome: 'pass',
        subject,
        message: 'The data lies on the claim.',
        where: at,
        observed: `${closest.shown}, data at ${data.path}`,
      },
    ];
  return [
    {
      outcome: 'fail',
      subject,
      message: 'The claim is mounted where the database does not keep its data.',
      where: at,
      observed: `data at ${data.path} ${closest === undefined ? 'under no mount' : `on ${closest.shown}`}; ${mounts.map(({ shown }) => shown).join(', ')}`,
      expected,
    },
  ];
}

function mountsOf({ container, workload }: WorkloadContainer) {
  const claims = claimsOf(workload);
  return (container.volumeMounts ?? []).map((mount, index) => {
    const [name, mountPath] = [mount.name ?? '', mount.mountPath ?? ''];
    const claim = claims.find(({ volume }) => volume === name);
    const folder = mountPath.length > 1 ? mountPath.replace(/\/+$/, '') : mountPath;
    return {
      mountPath: folder,
      index,
      claim,
      shown: `${claim === undefined ? 'volume' : 'claim'} ${name} at ${folder}`,
    };
  });
}
