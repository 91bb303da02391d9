import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { databaseImage } from '../../src/kubernetes/database-image.ts';
import { imageBaseName, parseImageReference } from '../../src/kubernetes/image-reference.ts';

const part = fc.stringMatching(/^[a-z0-9]{1,8}(?:[._-][a-z0-9]{1,8})?$/);
const registry = fc.option(
  fc.constantFrom('registry.example', 'registry.example:5000', 'localhost', 'localhost:5001'),
  {
    nil: undefined,
  },
);
const tag = fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/), { nil: undefined });
const digest = fc.option(
  fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`),
  { nil: undefined },
);

describe('parseImageReference', () => {
  it('reads back what it was written from', () => {
    fc.assert(
      fc.property(registry, fc.array(part, { minLength: 1, maxLength: 3 }), tag, digest, (host, path, label, hash) => {
        // Without a registry a first part with a dot would be one.
        fc.pre(host !== undefined || path.length === 1 || !/[.:]/.test(path[0] ?? ''));
        const repository = path.join('/');
        const text = `${host === undefined ? '' : `${host}/`}${repository}${label === undefined ? '' : `:${label}`}${hash === undefined ? '' : `@${hash}`}`;
        expect(parseImageReference(text)).toEqual({ registry: host, repository, tag: label, digest: hash });
        expect(imageBaseName(text)).toBe(path.at(-1));
      }),
    );
  });

  it('does not take the port of a registry for a tag', () => {
    expect(parseImageReference('registry.example:5000/team/qna')).toEqual({
      registry: 'registry.example:5000',
      repository: 'team/qna',
      tag: undefined,
      digest: undefined,
    });
  });

  it.each(['', ':1.0', 'Team/qna', 'qna:', 'qna@sha256:abc', 'qna:1 0', 'a//b', 'https://example.com/qna'])(
    'refuses %j',
    (text) => {
      expect(parseImageReference(text)).toBeUndefined();
    },
  );

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseImageReference(text);
        databaseImage(text);
      }),
    );
  });
});

describe('databaseImage', () => {
  it.each([
    ['postgres:18.3', 18, '/var/lib/postgresql/18/docker'],
    ['postgres:17-alpine', 17, '/var/lib/postgresql/data'],
    [`registry.example:5000/library/postgres:16.13@sha256:${'a'.repeat(64)}`, 16, '/var/lib/postgresql/data'],
    ['pgvector/pgvector:pg18', 18, '/var/lib/postgresql/18/docker'],
    ['pgvector/pgvector:0.8.1-pg17-trixie', 17, '/var/lib/postgresql/data'],
    ['pgvector/pgvector:0.8.1', undefined, undefined],
    ['timescale/timescaledb:2.17.0-pg16', 16, '/var/lib/postgresql/data'],
    ['postgis/postgis:17-3.5', 17, '/var/lib/postgresql/data'],
    ['postgres:latest', undefined, undefined],
    ['postgres', undefined, undefined],
    ['bitnami/postgresql:17.2.0', 17, '/bitnami/postgresql/data'],
  ])('knows where %s keeps its data', (reference, major, dataPath) => {
    expect(databaseImage(reference)).toMatchObject({ product: 'PostgreSQL', major, dataPath });
  });

  it('knows nothing of other images', () => {
    expect(databaseImage('ghcr.io/example/qna:1.0.0')).toBeUndefined();
    expect(databaseImage(undefined)).toBeUndefined();
  });
});
