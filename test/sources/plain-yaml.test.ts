import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Path } from '../../src/core/location.ts';
import { readPlainYaml } from '../../src/sources/files/plain-yaml.ts';
import {
  locateInAnyYaml,
  locateInYaml,
  parseAnyYaml,
  parseYaml,
  resolvePlain,
} from '../../src/sources/files/yaml-objects.ts';
import { MANIFESTS, mutated, RUNS, SEED } from './mutated-manifests.ts';

describe('the reader of plain YAML', () => {
  it('reads nearly all real manifests itself', () => {
    const read = MANIFESTS.filter((text) => readPlainYaml(text, resolvePlain) !== undefined);
    expect(MANIFESTS.length).toBeGreaterThan(300);
    expect(read.length / MANIFESTS.length).toBeGreaterThan(0.95);
  });

  it(`gives the values and the places that the full parser gives, or nothing (seed ${SEED})`, {
    timeout: 3_600_000,
  }, () => {
    fc.assert(fc.property(mutated, expectSame), { numRuns: RUNS, seed: SEED });
  });
});

function expectSame(text: string): void {
  if (readPlainYaml(text, resolvePlain) === undefined) return;
  const full = parseAnyYaml(text);
  const { documents, faults } = parseYaml(text);
  expect({ documents, faults }).toStrictEqual(full);
  const [plainly, fully] = [locateInYaml(text), locateInAnyYaml(text)];
  for (const { value, index } of full.documents)
    for (const path of pathsOf(value, []))
      expect({ path, ...plainly(index, path) }).toEqual({ path, ...fully(index, path) });
}

/** Every path of a value, and beside each one that is not there. */
function pathsOf(value: unknown, path: Path): readonly Path[] {
  const parts: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value ?? {});
  const inside = typeof value === 'object' ? parts.flatMap(([step, part]) => pathsOf(part, [...path, step])) : [];
  return [path, [...path, 'absent'], ...inside];
}
