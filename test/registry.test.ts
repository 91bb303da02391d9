import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SECTIONS } from '../src/checklist/index.ts';
import { CHECKS } from '../src/checks/index.ts';
import { checksOf, sourcesOf } from '../src/core/checklist.ts';
import type { SourceName } from '../src/core/facts.ts';
import { checksFor } from '../src/core/run-checks.ts';
import { clusterSource } from '../src/sources/cluster/cluster-source.ts';
import { endpointSource } from '../src/sources/endpoint/endpoint-source.ts';
import { filesSource } from '../src/sources/files/files-source.ts';
import { BROKEN_STORIES } from './cluster/scenarios/stories/index.ts';

const ROOT = join(import.meta.dirname, '../src/checks');
const ITEMS = SECTIONS.flatMap(({ items }) => items);
const SEED_ITEMS = '1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3 4.1 4.2 4.3 5.1 5.2 5.3'.split(' ');

const SOURCES = [
  filesSource({ paths: [], cwd: '/', stdin: (async function* () {})() }),
  clusterSource({ namespaces: [], env: {} }),
  endpointSource({
    url: 'http://127.0.0.1',
    paths: { live: '/', ready: '/', metrics: '/' },
    timeoutMs: 1,
    deadlineMs: 1,
  }),
];

describe('the registry', () => {
  it('holds every check that has a folder, under the name of that folder', () => {
    const folders = readdirSync(ROOT, { withFileTypes: true })
      .filter((topic) => topic.isDirectory())
      .flatMap((topic) =>
        readdirSync(join(ROOT, topic.name), { withFileTypes: true })
          .filter((folder) => folder.isDirectory() && existsSync(join(ROOT, topic.name, folder.name, 'check.ts')))
          .map((folder) => `${topic.name}/${folder.name}`),
      );
    expect(CHECKS.map(({ id }) => id).sort()).toEqual(folders.sort());
  });

  it('names each check once', () => {
    expect(new Set(CHECKS.map(({ id }) => id)).size).toBe(CHECKS.length);
  });
});

describe.each(CHECKS.map((check) => [check.id, check] as const))('the check %s', (id, check) => {
  it('explains itself in whole sentences', () => {
    for (const prose of [check.why, check.how, check.fix]) expect(prose).toMatch(/[.!?]$/);
    expect(check.title).not.toMatch(/\.$/);
    expect(check.verify).not.toBe('');
  });

  it('refers to its sources', () => {
    expect(check.references.length).toBeGreaterThan(0);
    for (const reference of check.references) expect(() => new URL(reference)).not.toThrow();
  });

  it('proves an item', () => {
    expect(ITEMS.some((item) => checksOf(item).includes(id))).toBe(true);
  });

  it('can be answered by at least one source', () => {
    expect(SOURCES.some((source) => checksFor([check], source).length === 1)).toBe(true);
  });
});

describe('the checklist', () => {
  it('keeps the items that it began with, for ever', () => {
    expect(ITEMS.map(({ id }) => id).slice(0, SEED_ITEMS.length)).toEqual(SEED_ITEMS);
  });

  it('gives every item an id of its own', () => {
    expect(new Set(ITEMS.map(({ id }) => id)).size).toBe(ITEMS.length);
    expect(new Set(ITEMS.map(({ name }) => name)).size).toBe(ITEMS.length);
  });

  it.each(ITEMS.map((item) => [item.id, item] as const))(
    'lets item %s be proven by checks that exist, or asks a person',
    (_, item) => {
      const known = new Set(CHECKS.map(({ id }) => id));
      expect(checksOf(item).filter((id) => !known.has(id))).toEqual([]);
      expect(checksOf(item).length > 0 || item.manual !== undefined).toBe(true);
    },
  );

  it.each(ITEMS.map((item) => [item.id, item] as const))(
    'names for item %s only checks that the source can answer',
    (_, item) => {
      for (const name of sourcesOf(item)) {
        const source = SOURCES.find((candidate) => candidate.name === (name satisfies SourceName));
        const ids = item.provenBy[name] ?? [];
        const fed = checksFor(CHECKS, source ?? { name, provides: [] }).map(({ id }) => id);
        expect(
          ids.filter((id) => !fed.includes(id)),
          `${name} cannot answer`,
        ).toEqual([]);
      }
    },
  );

  it.each(CHECKS.map((check) => [check.id, check] as const))(
    'counts %s wherever a source can answer it',
    (id, check) => {
      for (const source of SOURCES.filter((candidate) => checksFor([check], candidate).length === 1))
        expect(
          ITEMS.some((item) => item.provenBy[source.name]?.includes(id)),
          `${source.name} answers it, and no item listens`,
        ).toBe(true);
    },
  );
});

describe.each(BROKEN_STORIES.map((story) => [story.name, story] as const))('the story %s', (_, { item, verdict }) => {
  it('wants its fault named by a check that proves its item', () => {
    if (verdict.by === 'nobody yet') return;
    const source = verdict.by === 'audit' ? 'cluster' : 'endpoint';
    expect(ITEMS.find(({ id }) => id === item)?.provenBy[source]).toContain(verdict.check);
  });
});
