import { randomBytes } from 'node:crypto';
import type { Answers } from './answers.ts';
import type { Variables } from './variables.ts';

/** The minor release that the official image is pinned to, for each major version. */
const POSTGRES_RELEASES: Readonly<Record<number, string>> = { 15: '15.18', 16: '16.14', 17: '17.10', 18: '18.4' };

/** What the templates are filled with: the answers, and what follows from them. */
export function valuesOf(answers: Answers, configChecksum: string): Variables {
  const { name, databaseMajor, databaseImage, monitoring, ingressClass } = answers;
  const release = POSTGRES_RELEASES[databaseMajor] ?? String(databaseMajor);
  return {
    ...answers,
    configChecksum,
    // An identifier of SQL has no hyphen unless it is quoted everywhere.
    databaseName: name.replaceAll('-', '_'),
    databaseImage: databaseImage === '' ? `docker.io/library/postgres:${release}-trixie` : databaseImage,
    // Version 18 moved the volume of the image one folder up.
    databaseMountPath: databaseMajor < 18 ? '/var/lib/postgresql/data' : '/var/lib/postgresql',
    belowEighteen: databaseMajor < 18,
    annotations: monitoring === 'annotations',
    operator: monitoring === 'operator',
    traefik: ingressClass === 'traefik',
  };
}

/** Passwords and a token from the system's randomness, 256 bits each, in letters that mean nothing inside a URL. */
export function generateSecrets(): Variables {
  const secret = () => randomBytes(32).toString('base64url');
  return { databasePassword: secret(), postgresPassword: secret(), apiToken: secret() };
}
