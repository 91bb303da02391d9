import { describe, expect, it } from 'vitest';
import { credentialInEnvCheck } from '../../src/checks/secrets/credential-in-env/check.ts';
import type { KubernetesObject } from '../../src/core/objects.ts';
import { runChecks } from '../../src/core/run-checks.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import { WORKLOAD_FACTS } from '../../src/kubernetes/workload.ts';
import {
  CREDENTIALS,
  HARMLESS,
  HELD_OUT_CREDENTIALS,
  HELD_OUT_HARMLESS,
  SECOND_CREDENTIALS,
  SECOND_HARMLESS,
  type Setting,
} from './settings-that-were-met.ts';

describe('a credential in plain text', () => {
  it.each([...CREDENTIALS, ...HELD_OUT_CREDENTIALS, ...SECOND_CREDENTIALS])(
    'is seen in the variable %s',
    (name, value) => {
      expect(verdictOn([name, value])).toMatchObject([{ outcome: 'fail' }]);
    },
  );

  it.each([...CREDENTIALS, ...HELD_OUT_CREDENTIALS, ...SECOND_CREDENTIALS])(
    'is not repeated by the verdict on %s',
    (name, value) => {
      const told = JSON.stringify(verdictOn([name, value]).map(({ snapshot: _, check: __, ...verdict }) => verdict));
      expect(told).not.toContain(value);
    },
  );

  it.each([...HARMLESS, ...HELD_OUT_HARMLESS, ...SECOND_HARMLESS])('is not seen in the variable %s', (name, value) => {
    expect(verdictOn([name, value])).toMatchObject([{ outcome: 'pass' }]);
  });
});

function verdictOn([name, value]: Setting) {
  const object = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'qna' },
    spec: { containers: [{ name: 'api', env: [{ name, value }] }] },
  } as KubernetesObject;
  const pod = { object, ref: 'Pod qna', locate: () => ({ object: 'Pod qna', path: '' }) };
  const facts = Object.fromEntries(
    WORKLOAD_FACTS.map((fact) => [fact, { seen: true, value: fact === 'barePods' ? [pod] : [] }]),
  );
  return [
    ...runChecks(
      [credentialInEnvCheck],
      [{ source: 'files', target: 'a table', facts, notSeen: [] }],
      DEFAULT_SETTINGS,
    ),
  ];
}
