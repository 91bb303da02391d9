import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findSecrets, maskSecrets } from '../../src/core/secret-text.ts';

describe('a secret in a text', () => {
  const masked: readonly (readonly [string, string])[] = [
    ['postgres://qna:hunter2@db:5432/qna', 'postgres://qna:[hidden:password-in-url]@db:5432/qna'],
    ['redis://:hunter2@cache', 'redis://:[hidden:password-in-url]@cache'],
    ['Incorrect API key provided: sk-proj-abcdEFGH1234567890.', 'Incorrect API key provided: [hidden:openai-key].'],
    ['key sk-ant-api03-abcdefghijklmnop', 'key [hidden:anthropic-key]'],
    ['Authorization: Bearer abcdefghijklmnop1234', 'Authorization: Bearer [hidden:bearer-token]'],
    ['{"password":"hunter22"}', '{"password":"[hidden:password]"}'],
    ['{"msg":"{\\"api_key\\":\\"q1w2e3r4\\"}"}', '{"msg":"{\\"api_key\\":\\"[hidden:password]\\"}"}'],
    ['host=db password=hunter22 user=qna', 'host=db password=[hidden:password] user=qna'],
    ['sk-abcdefghijklmnop1-----BEGIN PRIVATE KEY-----', '[hidden:private-key]'],
    ['AKIAABCDEFGHIJKLMNOP', '[hidden:aws-access-key]'],
  ];
  it.each(masked)('%s is masked, its surroundings are kept', (text, expected) => {
    expect(maskSecrets(text)).toBe(expected);
  });

  const harmless = [
    'password authentication failed for user "qna"',
    'password: authentication required',
    '"password":"[REDACTED]"',
    '"password":"********"',
    'postgres://qna:$PGPASSWORD@db/qna',
    'postgres://qna:***@db/qna',
    'http://127.0.0.1:8080/health/live',
    'task-scheduler-abcdefghijklmnop1 and sk-learn-pipelines-are-fine',
    '{"max_tokens":4096,"tokenizer":"cl100k_base"}',
  ];
  it.each(harmless)('%s is none', (text) => {
    expect(findSecrets(text)).toEqual([]);
  });

  it('is still found after it was masked, so that a saved snapshot is judged as the live one', () => {
    const text = 'postgres://qna:hunter2@db/qna Bearer abcdefghijklmnop1234';
    expect(findSecrets(maskSecrets(text)).map(({ kind }) => kind)).toEqual(findSecrets(text).map(({ kind }) => kind));
  });

  it('is masked once, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            'sk-abc',
            'password=',
            'bearer ',
            '://u:',
            '@',
            '[hidden:',
            'x1',
            '"',
            ' ',
            ']',
            '-----BEGIN PRIVATE KEY-----',
            'aaaaaaaaaaaaaaaa1',
          ),
          { maxLength: 12 },
        ),
        (parts) => {
          const once = maskSecrets(parts.join(''));
          expect(maskSecrets(once)).toBe(once);
        },
      ),
    );
  });
});
