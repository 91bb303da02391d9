import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPath, parsePath } from '../../src/core/location.ts';

describe('parsePath', () => {
  it('reads the path that was written, whatever keys it goes through', () => {
    const step = fc.oneof(fc.string(), fc.nat(), fc.constantFrom('0', 'app.kubernetes.io/name', '"]', 'line 1', ''));
    fc.assert(
      fc.property(fc.array(step), (path) => {
        expect(parsePath(formatPath(path))).toEqual(path);
      }),
    );
  });

  it.each(['line 1', 'spec.', 'spec[', 'spec["\\x"]', 'a b'])('takes %s for no path', (text) => {
    expect(parsePath(text)).toBeUndefined();
  });
});
