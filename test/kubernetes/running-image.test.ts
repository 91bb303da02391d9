import { describe, expect, it } from 'vitest';
import { parseImageId } from '../../src/kubernetes/running-image.ts';

const HEX = 'a1'.repeat(32);
const DIGEST = `sha256:${HEX}`;

describe('parseImageId', () => {
  it.each([
    [`ghcr.io/example/qna@${DIGEST}`, 'ghcr.io/example/qna'],
    [`docker.io/library/postgres@${DIGEST}`, 'docker.io/library/postgres'],
    [`registry.example:5000/qna@${DIGEST}`, 'registry.example:5000/qna'],
    [`docker-pullable://ghcr.io/example/qna@${DIGEST}`, 'ghcr.io/example/qna'],
    [`postgres@${DIGEST}`, 'docker.io/postgres'],
  ])('reads %s as what a registry knows it by', (text, repository) => {
    expect(parseImageId(text)).toEqual({ kind: 'manifest', digest: DIGEST, repository });
  });

  it.each([DIGEST, HEX, `docker://${DIGEST}`])('reads %s as what only the runtime knows it by', (text) => {
    expect(parseImageId(text)).toEqual({ kind: 'config', digest: DIGEST, repository: undefined });
  });

  it.each([undefined, '', 'ghcr.io/example/qna:1.0.1', 'docker://', 'not an image'])(
    'reads nothing into %s',
    (text) => {
      expect(parseImageId(text)).toBeUndefined();
    },
  );
});
