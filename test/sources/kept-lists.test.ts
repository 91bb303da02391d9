import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../src/core/objects.ts';
import { createKeptLists, type KeptLists } from '../../src/sources/cluster/kept-lists.ts';
import { liveResource } from '../../src/sources/live-resource.ts';

const pod = (name: string, resourceVersion: string): KubernetesObject =>
  ({ kind: 'Pod', metadata: { namespace: 'prod', name, resourceVersion } }) as KubernetesObject;
const namesOf = (lists: KeptLists) => {
  const observed = lists.all().get('barePods');
  return observed?.seen === true ? observed.value.map(({ object }) => object.metadata?.name) : undefined;
};

describe('a list that is kept', () => {
  const kept = (...objects: readonly KubernetesObject[]) => {
    const lists = createKeptLists();
    lists.take('barePods', objects.map(liveResource));
    return lists;
  };

  it.each<readonly [string, (lists: KeptLists) => boolean, boolean, readonly string[]]>([
    ['an object that is new', (lists) => lists.set('barePods', liveResource(pod('c', '12'))), true, ['a', 'b', 'c']],
    ['a newer state', (lists) => lists.set('barePods', liveResource(pod('b', '101'))), true, ['a', 'b']],
    ['the same state again', (lists) => lists.set('barePods', liveResource(pod('b', '100'))), false, ['a', 'b']],
    [
      'a state that is older, with fewer digits',
      (lists) => lists.set('barePods', liveResource(pod('b', '99'))),
      false,
      ['a', 'b'],
    ],
    ['an object that is gone', (lists) => lists.remove('barePods', pod('a', '11')), true, ['b']],
    [
      'one that was made anew since it was gone',
      (lists) => lists.remove('barePods', pod('b', '50')),
      false,
      ['a', 'b'],
    ],
    ['one that nobody knew', (lists) => lists.remove('barePods', pod('x', '50')), false, ['a', 'b']],
  ])('takes %s for what it is', (_, change, isNews, names) => {
    const lists = kept(pod('a', '10'), pod('b', '100'));
    expect(change(lists)).toBe(isNews);
    expect(namesOf(lists)).toEqual(names);
  });

  it('is the same array as long as nothing changes, so that what is known of it stays known', () => {
    const lists = kept(pod('a', '10'));
    const before = lists.all().get('barePods');
    lists.set('barePods', liveResource(pod('a', '9')));
    expect(lists.all().get('barePods')).toBe(before);
    lists.set('barePods', liveResource(pod('a', '11')));
    expect(lists.all().get('barePods')).not.toBe(before);
  });

  it('is kept no more once it is dropped', () => {
    const lists = kept(pod('a', '10'));
    lists.drop('barePods');
    expect(lists.set('barePods', liveResource(pod('a', '11')))).toBe(false);
    expect(lists.all().size).toBe(0);
  });
});
