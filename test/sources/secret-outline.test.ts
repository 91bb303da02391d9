import { describe, expect, it } from 'vitest';
import { outlineOfSecret } from '../../src/sources/secret-outline.ts';

const encode = (text: string) => Buffer.from(text).toString('base64');

describe('the outline of a Secret', () => {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'qna', annotations: { last: 'hunter2-applied' } },
    data: {
      password: encode('hunter2'),
      broken: 'hunter2!',
      '.dockerconfigjson': encode('{"auths":"hunter2"}'),
      port: 7777,
    },
    stringData: { token: 'hunter2', empty: '', '.dockerconfigjson': 'hunter2' },
  };
  const outline = outlineOfSecret(secret as never) as unknown as typeof secret;

  it('holds nothing of a value', () => {
    const text = JSON.stringify(outline);
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain(encode('hunter2').slice(0, 6));
    expect(text).not.toContain('7777');
  });

  it('keeps what the API server judges: types, base64, and JSON where it is read', () => {
    expect(Buffer.from(outline.data.password, 'base64').toString('base64')).toBe(outline.data.password);
    expect(Buffer.from(outline.data.broken, 'base64').toString('base64')).not.toBe(outline.data.broken);
    expect(JSON.parse(Buffer.from(outline.data['.dockerconfigjson'], 'base64').toString())).toEqual({});
    expect(() => JSON.parse(outline.stringData['.dockerconfigjson'])).toThrow();
    expect(outline.data.port).toBeTypeOf('number');
    expect(outline.stringData).toMatchObject({ empty: '' });
    expect(outline.metadata.name).toBe('qna');
  });
});
