import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coversHost, dnsNamesOf } from '../../src/kubernetes/host-name.ts';

describe('coversHost', () => {
  it.each([
    ['qna.example.com', 'qna.example.com', true],
    ['QnA.Example.com', 'qna.example.com.', true],
    ['*.example.com', 'qna.example.com', true],
    ['*.example.com', 'a.qna.example.com', false],
    ['*.example.com', 'example.com', false],
    ['*.example.com', '*.example.com', true],
    ['*.example.com', '*.qna.example.com', false],
    ['qna.example.com', '*.example.com', false],
    ['*', 'localhost', false],
    ['', '', false],
  ])('%s covers %s: %s', (pattern, host, expected) => {
    expect(coversHost(pattern, host)).toBe(expected);
  });

  it('lets a wildcard stand for exactly one label', () => {
    const label = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    fc.assert(
      fc.property(fc.array(label, { minLength: 2, maxLength: 5 }), (labels) => {
        const wildcard = `*.${labels.slice(1).join('.')}`;
        expect(coversHost(wildcard, labels.join('.'))).toBe(true);
        expect(coversHost(wildcard, ['x', ...labels].join('.'))).toBe(false);
        expect(coversHost(wildcard, labels.slice(1).join('.'))).toBe(false);
      }),
    );
  });
});

describe('dnsNamesOf', () => {
  it('keeps names and drops addresses', () => {
    expect(dnsNamesOf(['DNS:qna.example.com', 'IP Address:203.0.113.7', 'plain.example.com'])).toEqual([
      'qna.example.com',
      'plain.example.com',
    ]);
  });
});
