import configuration from '../schemas/configuration-v1.schema.json' with { type: 'json' };
import report from '../schemas/report-v1.schema.json' with { type: 'json' };
import { EXIT_CODES } from '../src/core/report.ts';
import { DEFAULT_SETTINGS } from '../src/core/settings.ts';

/** What of JSON Schema our schemas use. */
interface Schema {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

/** docs/configuration.md: every field of qna-ready.config.yaml. */
export function configurationPage(): string {
  const schema = configuration as unknown as Schema;
  return `# The configuration

\`qna-ready.config.yaml\`, in the folder where the command runs or in the one that is judged; \`--config FILE\` names another. Every field may be left out. A field that is
not here is refused. Made from \`schemas/configuration-v1.schema.json\` by \`npm run generate\`.

| field | values | default | what it says |
| --- | --- | --- | --- |
${fieldsOf(schema, schema)
  .filter(({ path }) => path !== '$schema')
  .map(({ path, field, type }) => row([code(path), type, defaultOf(path), field.description ?? '']))
  .join('\n')}
`;
}

/** docs/report.md: every field of the JSON report. */
export function reportPage(): string {
  const schema = report as unknown as Schema;
  return `# The JSON report

What \`--report json\` writes, the functions of [the API](api.md) give, and \`--from-report\`, \`--baseline\`, \`diff\` and \`history\` read. Fields may be added within version 1; none changes its meaning,
and reports that earlier versions wrote are kept as tests. Made from \`schemas/report-v1.schema.json\` by \`npm run generate\`.

| field | values | | what it says |
| --- | --- | --- | --- |
${fieldsOf(schema, schema)
  .map(({ path, field, type, required }) =>
    row([code(path), type, required ? '' : 'may be absent', field.description ?? '']),
  )
  .join('\n')}

## Exit codes

The code is computed once, from the report, whatever the format.

| code | verdict | meaning |
| --- | --- | --- |
${EXIT_CODES.map(({ code: exit, verdict, meaning }) => row([String(exit), verdict, meaning])).join('\n')}
`;
}

interface Field {
  readonly path: string;
  readonly field: Schema;
  readonly type: string;
  readonly required: boolean;
}

/** The fields of an object and of what is in it, each with its path: `findings[].where`. */
function fieldsOf(schema: Schema, root: Schema, lead = ''): readonly Field[] {
  const own = resolved(schema, root);
  return Object.entries(own.properties ?? {}).flatMap(([name, property]) => {
    const field = {
      ...resolved(property, root),
      ...(property.description === undefined ? {} : { description: property.description }),
    };
    const path = `${lead}${name}`;
    const inner = field.items === undefined ? field : resolved(field.items, root);
    const suffix = field.items === undefined ? '.' : '[].';
    return [
      { path, field, type: typeOf(field, root), required: own.required?.includes(name) === true },
      ...[inner, ...(inner.oneOf ?? inner.anyOf ?? [])].flatMap((part) => fieldsOf(part, root, path + suffix)),
    ];
  });
}

function resolved(schema: Schema, root: Schema): Schema {
  const name = schema.$ref?.replace('#/definitions/', '');
  return name === undefined ? schema : (root.definitions?.[name] ?? schema);
}

function typeOf(schema: Schema, root: Schema): string {
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.enum !== undefined) return schema.enum.map((value) => code(String(value))).join(', ');
  if (schema.items !== undefined) return `list of ${typeOf(resolved(schema.items, root), root)}`;
  if (typeof schema.additionalProperties === 'object')
    return `by name: ${typeOf(resolved(schema.additionalProperties, root), root)}`;
  const kinds = [
    schema.type ?? (schema.oneOf === undefined && schema.anyOf === undefined ? 'anything' : 'object'),
  ].flat();
  const bounds = [
    schema.format,
    schema.pattern === undefined ? undefined : `like ${code(schema.pattern)}`,
    schema.minimum === undefined ? undefined : `at least ${schema.minimum}`,
    schema.exclusiveMinimum === undefined ? undefined : `above ${schema.exclusiveMinimum}`,
    schema.maximum === undefined ? undefined : `at most ${schema.maximum}`,
  ].filter((bound) => bound !== undefined);
  return [kinds.join(' or '), ...bounds].join(', ');
}

function defaultOf(path: string): string {
  const value = path
    .split('.')
    .reduce<unknown>((of, key) => (of as Readonly<Record<string, unknown>> | undefined)?.[key], DEFAULT_SETTINGS);
  return value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value))
    ? ''
    : code(JSON.stringify(value));
}

function code(text: string): string {
  return `\`${text}\``;
}

function row(cells: readonly string[]): string {
  return `|${cells.map((cell) => (cell === '' ? ' |' : ` ${cell.replaceAll('|', '\\|')} |`)).join('')}`;
}
