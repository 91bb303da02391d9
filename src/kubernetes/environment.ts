import type { Path } from '../core/location.ts';
import type { ConfigMap } from '../core/objects.ts';
import type { Resource } from '../core/resource.ts';
import type { Settings } from '../core/settings.ts';
import { findByName } from './by-name.ts';
import type { WorkloadContainer } from './workload.ts';

/** A variable that a container is given. */
export interface EnvSetting {
  /** Undefined where the value is in a Secret or in an object that was not read. */
  readonly value: string | undefined;
  /** `env`, `ConfigMap settings`, `Secret qna`. */
  readonly source: string;
  readonly path: Path;
}

/** What a container gets for a variable: `env` wins over `envFrom`, a later `envFrom` over an earlier one. */
/** Where a container is told its port: under PORT, or the name that the service reads instead. */
export function portSettingOf(
  container: WorkloadContainer,
  configMaps: readonly Resource<ConfigMap>[],
  { aliases }: Pick<Settings, 'aliases'>,
): EnvSetting | undefined {
  for (const name of ['PORT', ...aliases.port]) {
    const said = settingOf(container, name, configMaps);
    if (said !== undefined) return said;
  }
  return undefined;
}

export function settingOf(
  { container, path, workload }: WorkloadContainer,
  name: string,
  configMaps: readonly Resource<ConfigMap>[],
): EnvSetting | undefined {
  const find = (mapName: string | undefined) => findByName(configMaps, mapName, workload.resource.object)?.object;
  const index = (container.env ?? []).findLastIndex((variable) => variable.name === name);
  const variable = container.env?.[index];
  if (variable !== undefined) {
    const at = [...path, 'env', index];
    const { configMapKeyRef: map, secretKeyRef: secret } = variable.valueFrom ?? {};
    if (map != null)
      return { value: textOf(find(map.name)?.data?.[map.key ?? '']), source: `ConfigMap ${map.name}`, path: at };
    if (secret != null) return { value: undefined, source: `Secret ${secret.name}`, path: at };
    return {
      value: variable.valueFrom == null ? String(variable.value ?? '') : undefined,
      source: 'env',
      path: at,
    };
  }
  for (const [nth, { prefix = '', configMapRef }] of [...(container.envFrom ?? []).entries()].reverse()) {
    if (configMapRef == null || !name.startsWith(prefix)) continue;
    const value = textOf(find(configMapRef.name)?.data?.[name.slice(prefix.length)]);
    if (value !== undefined)
      return {
        value,
        source: `ConfigMap ${configMapRef.name}`,
        path: [...path, 'envFrom', nth, 'configMapRef'],
      };
  }
  return undefined;
}

/** A manifest can hold a bare number where a string is meant; an empty value is no value. */
function textOf(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}
