import { describe, expect, it } from 'vitest';
import { FAULT_WORDS } from '../cluster/benchmark/faults.ts';
import { newRemarks, normalised, type Remark } from '../cluster/benchmark/remark.ts';
import { ourVerdict, verdictOf } from '../cluster/benchmark/verdict.ts';
import { APPLICATIONS } from '../cluster/scenarios/applications.ts';

const HEALTHY = { namespace: 'story-healthy', host: 'healthy.example.test' };
const BROKEN = { namespace: 'story-secret-deleted', host: 'secret-deleted.example.test' };

function remark(check: string, object: string, words: string): Remark {
  return { check, object, words, counts: true };
}

describe('what a judge says of the broken application alone', () => {
  it.each([
    ['pods qna-7c5b9d8f6d-x2k4z', 'pods qna-85f6c8c5b4-zz9q7'],
    ['replicasets qna-7c5b9d8f6d', 'replicasets qna-85f6c8c5b4'],
    ['EndpointSlice qna-x2k4z', 'EndpointSlice qna-zz9q7'],
    ['host healthy.example.test in story-healthy', 'host secret-deleted.example.test in story-secret-deleted'],
    ['Pod was restarted (3) times, 12.5%', 'Pod was restarted (14) times, 80%'],
  ])('does not hang on what differs each time: %s', (healthy, broken) => {
    expect(normalised(broken, BROKEN)).toBe(normalised(healthy, HEALTHY));
  });

  it('keeps the names that people give', () => {
    for (const name of ['Deployment qna-postgres', 'StatefulSet kb-postgresql container metrics', 'Pod qna-postgres-0'])
      expect(normalised(name, HEALTHY)).toBe(name.replace('0', '#'));
  });

  it('is what is new, each thing once', () => {
    const healthy = [remark('POP-204', 'pods qna-7c5b9d8f6d-x2k4z', 'Pod is not ready [0/1]')];
    const missing = remark('POP-304', 'serviceaccounts qna', 'References a secret "a" which does not exist');
    const broken = [remark('POP-204', 'pods qna-85f6c8c5b4-zz9q7', 'Pod is not ready [1/2]'), missing, missing];
    expect(newRemarks(healthy, broken, { healthy: HEALTHY, broken: BROKEN })).toEqual([missing]);
  });
});

describe('the verdict on a judge', () => {
  const names = remark('POP-304', 'serviceaccounts qna', 'References a secret "qna-secrets" which does not exist');
  const effect = remark('POP-204', 'pods qna-7c5b9d8f6d-x2k4z', 'Pod is not ready [0/1]');
  const other = remark('priorityClassNotSet', 'Deployment qna', 'Priority class should be set');

  it.each([
    ['named', [other, effect, names], [names], [other, effect]],
    ['effect', [other, effect], [effect], [other]],
    ['other', [other], [other], []],
    ['nothing', [], [], []],
  ] as const)('is %s', (outcome, fresh, because, besides) => {
    expect(verdictOf('secret-deleted', fresh)).toEqual({ outcome, because, besides });
  });

  it('is for ours that the check of the story says what the story demands', () => {
    const name = 'secret-deleted';
    const verdict = { by: 'audit', check: 'secrets/reference-resolves', says: /qna-secrets/ } as const;
    const ours = remark('secrets/reference-resolves', 'Deployment qna', 'The Secret qna-secrets does not exist.');
    expect(ourVerdict({ name, verdict }, [ours]).outcome).toBe('named');
    expect(ourVerdict({ name, verdict }, [{ ...ours, check: 'config/reference-resolves' }]).outcome).toBe('other');
    expect(ourVerdict({ name, verdict }, [{ ...ours, words: 'A Secret does not exist.' }]).outcome).toBe('other');
    expect(ourVerdict({ name, verdict: { by: 'nobody yet' } }, [ours]).outcome).toBe('other');
  });

  it('is for ours that the host is named, where the story demands it by name', () => {
    const name = 'tls-other-host';
    const verdict = { by: 'audit', check: 'ingress/certificate', says: /tls-other-host\.example\.test/ } as const;
    const ours = remark('ingress/certificate', 'Secret qna-tls', 'The certificate does not cover HOST.');
    expect(ourVerdict({ name, verdict }, [ours]).outcome).toBe('named');
    expect(ourVerdict({ name, verdict }, [{ ...ours, words: 'The certificate has expired.' }]).outcome).toBe('other');
  });

  it('knows by which words the fault of each story is known, and of no other', () => {
    const stories = new Set(APPLICATIONS.flatMap(({ stories }) => stories.map(({ name }) => name)));
    expect(Object.keys(FAULT_WORDS).sort()).toEqual([...stories].sort());
    expect(() => verdictOf('nobody-told-this', [])).toThrow('faults.ts');
  });
});
