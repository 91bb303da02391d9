import { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';
import schema from '../../../schemas/report-v1.schema.json' with { type: 'json' };
import { UserError } from '../../core/errors.ts';
import { lazily } from '../../core/lazily.ts';
import type { Report } from '../../core/report.ts';

const HINT = { hint: 'Make one with: --report json=FILE.' };

/** A history has thousands of reports, and the schema takes longer to compile than one of them to be held to it. */
const validator = lazily(() => {
  const ajv = new Ajv({ allErrors: false, strict: false });
  ajvFormats.default(ajv);
  return ajv.compile(schema);
});

/** Reads a report that an earlier run wrote as JSON, and refuses anything that its schema does not allow. */
export function parseReport(text: string, name: string): Report {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${name} is no saved report: it is not JSON.`, { ...HINT, cause });
  }
  const version = versionOf(value);
  if (version > 1)
    throw new UserError(`${name} is a report of version ${version}, and this qna-ready reads version 1.`, {
      hint: 'Upgrade qna-ready.',
    });
  const validate = validator();
  if (!validate(value)) {
    const error = validate.errors?.[0];
    throw new UserError(
      `${name} is no report of version 1: ${error?.instancePath || 'it'} ${error?.message ?? 'is refused'}.`,
      HINT,
    );
  }
  return value as unknown as Report;
}

/** Of a report of another version nothing but its name can be relied on. */
function versionOf(value: unknown): number {
  const named = typeof value === 'object' && value !== null && '$schema' in value ? String(value.$schema) : '';
  return Number(/\/schemas\/report\/v(\d+)$/.exec(named)?.[1] ?? 1);
}
