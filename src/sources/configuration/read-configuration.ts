import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import schema from '../../../schemas/configuration-v1.schema.json' with { type: 'json' };
import type { Severity } from '../../core/check.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../core/settings.ts';
import type { Waiver } from '../../core/waiver.ts';
import type { GateConfiguration } from './gate-configuration.ts';
import { readValidated } from './read-validated.ts';

export interface Configuration {
  readonly settings: Settings;
  readonly waivers: readonly Waiver[];
  readonly severities: Readonly<Record<string, Severity>>;
  /** Who answers for an item or a section of the checklist, by its id or name. */
  readonly owners: Readonly<Record<string, string>>;
  /** What the gate looks at, where the owner says so. */
  readonly gate?: GateConfiguration;
  /** The file, or undefined where there is none and the defaults hold. */
  readonly file: string | undefined;
}

export const CONFIGURATION_FILE = 'qna-ready.config.yaml';

/**
 * Reads the named configuration, or the first that stands in one of the folders; without one the defaults hold. Paths are
 * those of the working directory, and are told as a person there would write them.
 */
export async function readConfiguration(
  named: string | undefined,
  folders: readonly string[],
  cwd: string,
): Promise<Configuration> {
  const found = folders
    .map((folder) => resolve(cwd, folder, CONFIGURATION_FILE))
    .find((candidate) => existsSync(candidate));
  const file = named ?? (found === undefined ? undefined : relative(cwd, found));
  if (file === undefined) return { settings: DEFAULT_SETTINGS, waivers: [], severities: {}, owners: {}, file };
  const { value, locate } = await readValidated<ConfigurationFile>(file, cwd, schema, {
    noun: 'configuration',
    hint: 'Check --config.',
    schemaFile: 'schemas/configuration-v1.schema.json',
  });
  const {
    waivers = [],
    severities = {},
    owners = {},
    gate,
    $schema: _schema,
    paths,
    aliases,
    probes,
    load,
    ...rest
  } = value;
  return {
    settings: {
      ...DEFAULT_SETTINGS,
      ...rest,
      paths: { ...DEFAULT_SETTINGS.paths, ...paths },
      aliases: { ...DEFAULT_SETTINGS.aliases, ...aliases },
      probes: { ...DEFAULT_SETTINGS.probes, ...probes },
      load: { ...DEFAULT_SETTINGS.load, ...load },
    },
    waivers: waivers.map((waiver, index) => ({ ...waiver, where: locate(['waivers', index]) })),
    severities,
    owners,
    ...(gate === undefined ? {} : { gate }),
    file,
  };
}

interface ConfigurationFile extends Partial<Omit<Settings, 'paths' | 'aliases' | 'probes' | 'load'>> {
  readonly $schema?: string;
  readonly paths?: Partial<Settings['paths']>;
  readonly aliases?: Partial<Settings['aliases']>;
  readonly probes?: Partial<Settings['probes']>;
  readonly load?: Partial<Settings['load']>;
  readonly waivers?: readonly Waiver[];
  readonly severities?: Readonly<Record<string, Severity>>;
  readonly owners?: Readonly<Record<string, string>>;
  readonly gate?: GateConfiguration;
}
