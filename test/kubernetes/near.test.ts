import { describe, expect, it } from 'vitest';
import type { Resource } from '../../src/core/resource.ts';
import { resourcesNear } from '../../src/kubernetes/near.ts';
import { findByName } from '../../src/kubernetes/references/by-name.ts';

function resource(name: string, namespace?: string): Resource {
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  return {
    object: { kind: 'ConfigMap', metadata },
    ref: `${namespace}/${name}`,
    locate: () => ({ object: '', path: '' }),
  };
}

const inB = { metadata: { namespace: 'b' } };

describe('the resources near an object', () => {
  it('are those of its namespace', () => {
    const resources = [resource('x', 'a'), resource('x', 'b'), resource('y', 'b')];
    expect(resourcesNear(resources, inB)).toEqual(resources.slice(1));
    expect(resourcesNear(resources, { metadata: { namespace: 'c' } })).toEqual([]);
    expect(findByName(resources, 'x', inB)).toBe(resources[1]);
  });

  it('are all of them where the object or one of them has none, since that can be the same', () => {
    const resources = [resource('x', 'a'), resource('x'), resource('x', 'b')];
    expect(resourcesNear(resources, {})).toBe(resources);
    expect(resourcesNear(resources, inB)).toBe(resources);
    expect(findByName(resources, 'x', inB)).toBe(resources[1]);
  });
});
