import { at, entriesOf, type Faults, type Field, isSet, missing, textOf, unlessFine } from './field.ts';
import { faultOfKey } from './text-rules.ts';

const KEY = 'letters, digits, hyphens, underscores and dots';
/** Keys that a Secret of a type has. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
};
const BASIC_AUTH = ['username', 'password'];
const SERVICE_ACCOUNT = 'kubernetes.io/service-account.name';

/** k8s.io/kubernetes/pkg/apis/core/validation, ValidateConfigMap. */
export function* configMapFaults(map: Field): Faults {
  const [data, binary] = [at(map, 'data'), at(map, 'binaryData')];
  for (const [key, value] of [...entriesOf(data), ...entriesOf(binary)]) yield* unlessFine(value, faultOfKey(key), KEY);
  for (const [key, value] of entriesOf(data))
    if (isSet(at(binary, key)))
      yield {
        path: value.path,
        what: `the key ${key} stands in binaryData too`,
        observed: key,
        expected: 'each key once',
      };
}

/** ValidateSecret. Nothing of a value is told. */
export function* secretFaults(secret: Field): Faults {
  const [data, texts] = [at(secret, 'data'), at(secret, 'stringData')];
  const type = textOf(at(secret, 'type'));
  for (const [key, value] of [...entriesOf(data), ...entriesOf(texts)]) {
    const fault = faultOfKey(key);
    if (fault !== undefined)
      yield { path: value.path, what: `the key ${key} is refused: ${fault}`, observed: key, expected: KEY };
  }
  const has = (key: string) => isSet(at(data, key)) || isSet(at(texts, key));
  for (const key of NEEDED[type] ?? [])
    if (!has(key)) yield missing(at(data, key), `the key ${key} of a Secret of type ${type}`);
  if (type === 'kubernetes.io/basic-auth' && !BASIC_AUTH.some(has))
    for (const key of BASIC_AUTH) yield missing(at(data, key), 'username or password');
  if (type === 'kubernetes.io/service-account-token' && !isSet(at(secret, 'metadata', 'annotations', SERVICE_ACCOUNT)))
    yield missing(at(secret, 'metadata', 'annotations', SERVICE_ACCOUNT), 'the name of a ServiceAccount');
  if (type === 'kubernetes.io/dockerconfigjson') yield* registryFaults(data, texts, '.dockerconfigjson');
  if (type === 'kubernetes.io/dockercfg') yield* registryFaults(data, texts, '.dockercfg');
}

function* registryFaults(data: Field, texts: Field, key: string): Faults {
  const text = isSet(at(texts, key)) ? textOf(at(texts, key)) : atob(textOf(at(data, key)));
  if (!isSet(at(texts, key)) && !isSet(at(data, key))) return;
  try {
    JSON.parse(text);
  } catch {
    const place = isSet(at(texts, key)) ? at(texts, key) : at(data, key);
    yield {
      path: place.path,
      what: `${key} is not JSON`,
      observed: 'another text',
      expected: 'the configuration of registries, in JSON',
    };
  }
}
