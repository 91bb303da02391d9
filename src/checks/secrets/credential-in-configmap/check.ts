import { defineCheck, type Verdict } from '../../../core/check.ts';
import type { ConfigMap } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { textOfBinary } from '../../../kubernetes/binary-data.ts';
import { credentialIn } from '../../../kubernetes/credential.ts';
import { credentialInBody } from '../../../kubernetes/settings-in-text.ts';
import { orNotApplicable } from '../../verdicts.ts';

export const credentialInConfigmapCheck = defineCheck({
  id: 'secrets/credential-in-configmap',
  title: 'No ConfigMap holds a credential',
  severity: 'error',
  why: 'ConfigMaps are not guarded as Secrets are: more people and more tools may read them, and they are often in git.',
  how: 'Every entry is judged by its key and its value, and every line of an entry that holds a file: KEY=VALUE of an env file, `key: value` of a configuration file, and connection strings anywhere in it.',
  fix: 'Move the entry into a Secret, and change the credential, since it was readable.',
  verify: 'kubectl get configmap NAME -o yaml',
  references: [
    'https://kubernetes.io/docs/concepts/configuration/configmap/',
    'https://kubernetes.io/docs/concepts/configuration/secret/',
  ],
  needs: ['configMaps'],
  evaluate: (facts, { notCredentials }) =>
    orNotApplicable(
      facts.configMaps.flatMap((configMap) => judge(configMap, notCredentials)),
      'There is no ConfigMap.',
    ),
});

function judge(resource: Resource<ConfigMap>, notCredentials: readonly string[]): readonly Verdict[] {
  const { data = {}, binaryData = {} } = resource.object;
  const entries = [
    ...Object.entries(data).map(([key, value]) => ({ field: 'data', key, value: String(value ?? '') })),
    ...Object.entries(binaryData).map(([key, value]) => ({ field: 'binaryData', key, value: textOfBinary(value) })),
  ];
  const found = entries.flatMap(({ field, key, value }): readonly Verdict[] => {
    const what = notCredentials.includes(key) ? undefined : credentialInEntry(key, value);
    if (what === undefined) return [];
    return [
      {
        outcome: 'fail',
        subject: `${resource.ref} key ${key}`,
        message: `The entry ${key} holds ${what}.`,
        where: resource.locate([field, key]),
        observed: `${what} (not shown)`,
        expected: 'the same entry in a Secret',
      },
    ];
  });
  if (found.length > 0) return found;
  return [{ outcome: 'pass', subject: resource.ref, message: 'No entry looks like a credential.' }];
}

function credentialInEntry(key: string, value: string): string | undefined {
  return value.trim().includes('\n') ? credentialInBody(value) : (credentialIn(key, value) ?? credentialInBody(value));
}
