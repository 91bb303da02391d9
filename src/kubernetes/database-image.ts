import { parseImageReference } from './image-reference.ts';

/** Where a database image keeps its data, and what its version is. */
export interface DatabaseImage {
  readonly product: 'PostgreSQL' | 'MySQL';
  /** Undefined where the tag does not tell. */
  readonly major: number | undefined;
  /** Where the data lies when nobody says otherwise; undefined where the version decides and is not known. */
  readonly dataPath: string | undefined;
  /** The path that the image declares as a volume: without a mount there, a runtime covers it with an anonymous one. */
  readonly volumePath: string | undefined;
  /** The variable that moves the data. */
  readonly pathVariable: string | undefined;
}

/** From PostgreSQL 18 on the official image keeps each major version's data in a folder of its own. */
const NEW_LAYOUT_SINCE = 18;

/** What is known of an image that runs a database; undefined for one that is not known. */
export function databaseImage(reference: string | undefined): DatabaseImage | undefined {
  const image = reference === undefined ? undefined : parseImageReference(reference);
  if (image === undefined) return undefined;
  const base = image.repository.split('/').at(-1) ?? '';
  if (/^(?:mysql|mariadb|percona-server)$/.test(base)) {
    const vendor = /bitnami/.test(image.repository);
    return {
      product: 'MySQL',
      major: undefined,
      dataPath: vendor ? `/bitnami/${base}` : '/var/lib/mysql',
      volumePath: undefined,
      pathVariable: undefined,
    };
  }
  const major = majorOf(base, image.tag);
  const fixed = fixedPath(base);
  if (fixed !== undefined)
    return { product: 'PostgreSQL', major, dataPath: fixed, volumePath: undefined, pathVariable: 'PGDATA' };
  if (!/^(?:postgres|postgis|pgvector|timescaledb)$/.test(base)) return undefined;
  const modern = major === undefined ? undefined : major >= NEW_LAYOUT_SINCE;
  return {
    product: 'PostgreSQL',
    major,
    dataPath:
      modern === undefined ? undefined : modern ? `/var/lib/postgresql/${major}/docker` : '/var/lib/postgresql/data',
    volumePath: modern === undefined ? undefined : modern ? '/var/lib/postgresql' : '/var/lib/postgresql/data',
    pathVariable: 'PGDATA',
  };
}

/** Images that keep their data in one place, whatever the version. */
function fixedPath(base: string): string | undefined {
  if (base === 'postgresql') return '/bitnami/postgresql/data';
  if (base === 'timescaledb-ha') return '/home/postgres/pgdata/data';
  return /^spilo(?:-\d+)?$/.test(base) ? '/home/postgres/pgdata/pgroot' : undefined;
}

/** `18` of `18.3-alpine`, `pg18`, `0.8.1-pg18-trixie`, or of the name `spilo-18`. */
function majorOf(base: string, tag: string | undefined): number | undefined {
  const spilo = /^spilo-(\d+)$/.exec(base)?.[1];
  if (spilo !== undefined) return Number(spilo);
  const marked = /(?:^|-)pg(\d{1,2})(?:$|[.-])/.exec(tag ?? '')?.[1];
  if (marked !== undefined) return Number(marked);
  if (base === 'timescaledb' || base === 'pgvector') return undefined;
  const plain = /^v?(\d{1,2})(?:$|[.-])/.exec(tag ?? '')?.[1];
  return plain === undefined ? undefined : Number(plain);
}
