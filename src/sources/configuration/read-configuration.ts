import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import schema from '../../../schemas/configuration-v1.schema.json' with { type: 'json' };
import type { Severity } from '../../core/check.ts';
import { UserError } from '../../core/errors.ts';
import type { Location, Path } from '../../core/location.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../core/settings.ts';
import type { Waiver } from '../../core/waiver.ts';
import { readText } from '../files/read-text.ts';
import { locateInYaml, parseYaml } from '../files/yaml-objects.ts';
import type { GateConfiguration } from './gate-configuration.ts';

export interface Configuration {
  readonly settings: Settings;
  readonly waivers: readonly Waiver[];
  readonly severities: Readonly<Record<string, Severity>>;
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
  if (file === undefined) return { settings: DEFAULT_SETTINGS, waivers: [], severities: {}, file };
  const { value, locate } = await validated(file, cwd);
  const { waivers = [], severities = {}, gate, $schema: _schema, paths, aliases, probes, load, ...rest } = value;
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
  readonly gate?: GateConfiguration;
}

interface ValidatedFile {
  readonly value: ConfigurationFile;
  locate(path: Path): Location;
}

async function validated(file: string, cwd: string): Promise<ValidatedFile> {
  const read = readText(resolve(cwd, file));
  if (!read.ok)
    throw new UserError(`The configuration ${file} cannot be read: ${read.reason}.`, { hint: 'Check --config.' });
  const { documents, faults } = parseYaml(read.text);
  const fault = faults[0];
  if (fault !== undefined)
    throw new UserError(`${file}:${fault.line}:${fault.column}: the configuration cannot be parsed: ${fault.message}.`);
  const value = documents[0]?.value ?? {};
  // Most runs have no configuration, and need not wait for the validator to load.
  const [{ Ajv }, { default: ajvFormats }] = await Promise.all([import('ajv'), import('ajv-formats')]);
  const ajv = new Ajv({ allErrors: true, strict: false });
  ajvFormats.default(ajv);
  if (!ajv.validate(schema, value)) {
    const problems = (ajv.errors ?? []).map(({ instancePath, message, params }) => {
      const extra = (params as { readonly additionalProperty?: string }).additionalProperty;
      return `${instancePath === '' ? 'the configuration' : instancePath.slice(1).replaceAll('/', '.')} ${message}${extra === undefined ? '' : ` (${extra})`}`;
    });
    throw new UserError(`${file} is no valid configuration: ${problems.join('; ')}.`, {
      hint: 'The fields are described in schemas/configuration-v1.schema.json.',
    });
  }
  const find = locateInYaml(read.text);
  return { value: value as ConfigurationFile, locate: (path) => ({ file, ...find(0, path) }) };
}
