import { describe, expect, it } from 'vitest';
import { nextPageOf, parsePage } from '../../src/sources/cluster/list-page.ts';

const managed = (key: string) => ({ manager: 'kubectl', fieldsV1: { 'f:metadata': { [key]: {} } } });

function pod(name: string, managedFields: readonly object[]) {
  return { metadata: { name, managedFields }, spec: { containers: [{ name: 'api', args: ['--list=[]}]'] }] } };
}

function withoutThem(text: string): unknown {
  return JSON.parse(text, (key, value) => (key === 'managedFields' ? undefined : value));
}

describe('a page of a list', () => {
  it('is parsed without who wrote which field', () => {
    const text = JSON.stringify({
      items: [pod('a', [managed('f:name'), managed('.')]), pod('b', [managed('f:name')])],
    });
    expect(JSON.stringify(parsePage(text))).not.toContain('fieldsV1');
    expect(withoutThem(JSON.stringify(parsePage(text)))).toEqual(withoutThem(text));
  });

  it.each([
    ['brackets in the name of a field', 'v:"}]"'],
    ['brackets and a comma in the name of a field', 'f:a}],'],
    ['brackets and a brace in the name of a field', 'f:a}]}'],
  ])('is parsed as it came where it has %s', (_, key) => {
    const text = JSON.stringify({ items: [pod('a', [managed(key)]), pod('b', [managed('f:name')])] });
    expect(withoutThem(JSON.stringify(parsePage(text)))).toEqual(withoutThem(text));
  });

  it.each([
    ['no object has such fields', { items: [{ metadata: { name: 'a' } }] }],
    ['they are empty', { items: [pod('a', [])] }],
    [
      'a value quotes them',
      { items: [{ metadata: { annotations: { last: JSON.stringify(pod('a', [managed('.')])) } } }] },
    ],
    ['a value ends with their name', { items: [{ data: { key: '{"managedFields":[{' } }, { data: { key: '}]' } }] }],
  ])('stays what it is where %s', (_, page) => {
    expect(parsePage(JSON.stringify(page))).toEqual(page);
  });

  it('is refused where it is no JSON', () => {
    expect(() => parsePage('{"items":[{"managedFields":[{}]}')).toThrow(SyntaxError);
  });
});

describe('the next page', () => {
  it.each([
    ['its token stands before the items', { metadata: { continue: 'eyJ2-_=' }, items: [] }, 'eyJ2-_='],
    ['its token is none that a server makes', { metadata: { continue: 'a"b' }, items: [] }, ''],
    ['there is none', { metadata: {}, items: [] }, ''],
    ['an item has a field of that name', { metadata: {}, items: [{ continue: 'not this' }] }, ''],
    ['the items come first', { items: [], metadata: { continue: 'later' } }, ''],
  ])('is known from the head of this one: %s', (_, page, token) => {
    expect(nextPageOf(JSON.stringify(page))).toBe(token);
  });
});
