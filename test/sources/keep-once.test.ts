import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepOnce } from '../../src/sources/cluster/keep-once.ts';

describe('what is kept once', () => {
  it('is the same part of both values, and whatever differs stays as it is', () => {
    const first = {
      metadata: { name: 'a', labels: { app: 'qna' } },
      spec: { containers: [{ name: 'api', env: [1, 2] }] },
    };
    const second = structuredClone({ ...first, metadata: { ...first.metadata, name: 'b' } });
    const kept = keepOnce(first, second);
    expect(kept.metadata).toEqual({ name: 'b', labels: { app: 'qna' } });
    expect(kept.metadata.labels).toBe(first.metadata.labels);
    expect(kept.spec).toBe(first.spec);
  });

  it.each([
    ['a field less', { a: 1, b: 2 }, { a: 1 }],
    ['a field more', { a: 1 }, { a: 1, b: 2 }],
    ['a shorter list', [1, 2], [1]],
    ['a list in place of an object', { 0: 1 }, [1]],
    ['a field with the name of an inherited one', {}, JSON.parse('{"__proto__": {}, "toString": null}')],
  ])('is never %s', (_, known, value) => {
    const copy = JSON.stringify(value);
    expect(JSON.stringify(keepOnce(known, value))).toBe(copy);
  });

  it('says the same as before, whatever it is held against', () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), (one, other) => {
        const known = JSON.parse(one);
        expect(keepOnce(known, JSON.parse(other))).toEqual(JSON.parse(other));
        expect(known).toEqual(JSON.parse(one));
        expect(keepOnce(known, JSON.parse(one))).toBe(known);
      }),
    );
  });
});
