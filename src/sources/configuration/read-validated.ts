import { resolve } from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { Location, Path } from '../../core/location.ts';
import { readText } from '../files/read-text.ts';
import { locateInYaml, parseYaml } from '../files/yaml-objects.ts';

export interface ValidatedFile<T> {
  readonly value: T;
  locate(path: Path): Location;
}

/** How a file is spoken of where it is refused. */
export interface FileWords {
  /** Such as `configuration`. */
  readonly noun: string;
  /** What to do where it cannot be read. */
  readonly hint: string;
  /** Where its fields are described. */
  readonly schemaFile: string;
}

/** Reads a YAML file of the project's owner, and refuses with UserError what cannot be read, parsed, or is not allowed by its schema. */
export async function readValidated<T>(
  file: string,
  cwd: string,
  schema: object,
  { noun, hint, schemaFile }: FileWords,
): Promise<ValidatedFile<T>> {
  const read = readText(resolve(cwd, file));
  if (!read.ok) throw new UserError(`The ${noun} ${file} cannot be read: ${read.reason}.`, { hint });
  const { documents, faults } = parseYaml(read.text);
  const fault = faults[0];
  if (fault !== undefined)
    throw new UserError(`${file}:${fault.line}:${fault.column}: the ${noun} cannot be parsed: ${fault.message}.`);
  const value = documents[0]?.value ?? {};
  // Most runs have no such file, and need not wait for the validator to load.
  const [{ Ajv }, { default: ajvFormats }] = await Promise.all([import('ajv'), import('ajv-formats')]);
  const ajv = new Ajv({ allErrors: true, strict: false });
  ajvFormats.default(ajv);
  if (!ajv.validate(schema, value)) {
    const problems = (ajv.errors ?? []).map(({ instancePath, message, params }) => {
      const extra = (params as { readonly additionalProperty?: string }).additionalProperty;
      return `${instancePath === '' ? `the ${noun}` : instancePath.slice(1).replaceAll('/', '.')} ${message}${extra === undefined ? '' : ` (${extra})`}`;
    });
    throw new UserError(`${file} is no valid ${noun}: ${problems.join('; ')}.`, {
      hint: `The fields are described in ${schemaFile}.`,
    });
  }
  const find = locateInYaml(read.text);
  return { value: value as T, locate: (path) => ({ file, ...find(0, path) }) };
}
