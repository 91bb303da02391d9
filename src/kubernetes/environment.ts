import type { Path } from '../core/location.ts';
import type { ConfigMap, Secret } from '../core/objects.ts';
import type { Resource } from '../core/resource.ts';
import type { Settings } from '../core/settings.ts';
import { findByName } from './references/by-name.ts';
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

/** A setting with its name. */
export interface NamedSetting extends EnvSetting {
  readonly name: string;
}

/** Every setting that a container is given by name: its variables, and the keys of what it takes whole. */
export function settingsOf(
  container: WorkloadContainer,
  configMaps: readonly Resource<ConfigMap>[],
  secrets: readonly Resource<Secret>[],
): readonly NamedSetting[] {
  const { container: spec, workload } = container;
  const beside = workload.resource.object;
  const whole = (spec.envFrom ?? []).flatMap(({ prefix = '', configMapRef, secretRef }) => [
    ...Object.keys(findByName(configMaps, configMapRef?.name, beside)?.object.data ?? {}).map((key) => prefix + key),
    ...keysOf(findByName(secrets, secretRef?.name, beside)?.object).map((key) => prefix + key),
  ]);
  const names = new Set([...(spec.env ?? []).flatMap(({ name }) => name ?? []), ...whole]);
  return [...names].map((name) => ({
    name,
    ...(settingOf(container, name, configMaps) ?? {
      value: undefined,
      source: 'a Secret',
      path: [...container.path, 'envFrom'],
    }),
  }));
}

function keysOf(secret: Secret | undefined): readonly string[] {
  return Object.keys(secret?.data ?? {});
}

/** A manifest can hold a bare number where a string is meant; an empty value is no value. */
function textOf(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}
