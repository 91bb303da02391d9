import { expect, it } from 'vitest';
import { benchmarkPage } from '../cluster/benchmark/page.ts';
import type { Benchmark } from '../cluster/benchmark/run-benchmark.ts';

const says = (words: string) => ({ check: 'POP-304', object: 'serviceaccounts qna', words, counts: true });
const BENCHMARK: Benchmark = {
  judges: [
    { name: 'qna-ready', version: '1.0.0', asked: '`qna-ready audit`' },
    { name: 'Popeye', version: '0.22.1', asked: '`popeye`' },
  ],
  absent: ['Polaris'],
  applications: [
    {
      name: 'ours',
      healthy: {
        'qna-ready': { remarks: [{ ...says('No backup has run yet.'), check: 'backup/fresh' }], seconds: 1 },
        Popeye: { remarks: [says('a'), { ...says('b'), counts: false }], seconds: 3 },
      },
      stories: [
        {
          name: 'secret-deleted',
          tells: 'The Secret was deleted.',
          item: '1.2',
          verdicts: {
            'qna-ready': { outcome: 'named', because: [says('It is gone.')], besides: [says('another')] },
            Popeye: { outcome: 'nothing', because: [], besides: [] },
          },
        },
        {
          name: 'one-replica',
          tells: 'There is one pod.',
          item: '6.2',
          verdicts: {
            'qna-ready': { outcome: 'effect', because: ['a', 'b', 'c', 'd'].map(says), besides: [] },
            Popeye: { outcome: 'failed', because: 'It was still at work after 120 s.\nmore', besides: [] },
          },
        },
      ],
    },
    {
      name: 'theirs',
      healthy: { 'qna-ready': { remarks: [], seconds: 2 }, Popeye: 'It crashed.' },
      stories: [],
    },
  ],
};

it('tells counts, verdicts, remarks on the healthy and the words behind each verdict', () => {
  const page = benchmarkPage(BENCHMARK).split('\n');
  for (const expected of [
    '| judge | asked as | names it | an effect | something else | nothing | failed |',
    '| qna-ready 1.0.0 | `qna-ready audit` | 1 | 1 | 0 | 0 | 0 |',
    '| Popeye 0.22.1 | `popeye` | 0 | 0 | 0 | 1 | 1 |',
    '| qna-ready | 1 | 0 | 1.5 |',
    '| Popeye | 1 | failed | 3.0 |',
    '- `backup/fresh serviceaccounts qna: No backup has run yet.`',
    '| secret-deleted | The Secret was deleted. | 1.2 | **names it** | – |',
    '| one-replica | There is one pod. | 6.2 | an effect | failed |',
    '- secret-deleted, qna-ready, names it: `POP-304 serviceaccounts qna: It is gone.`; besides `POP-304`',
    'Not on the PATH of this run, and so not asked: Polaris.',
    '- one-replica, Popeye, failed: It was still at work after 120 s.',
  ])
    expect(page).toContain(expected);
  expect(page.find((line) => line.startsWith('- one-replica, qna-ready, an effect'))).toMatch(/`, and 1 more$/);
});
