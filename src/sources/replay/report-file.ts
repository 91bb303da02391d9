import { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';
import schema from '../../../schemas/report-v1.schema.json' with { type: 'json' };
import { UserError } from '../../core/errors.ts';
import type { Report } from '../../core/report.ts';

/** Reads a report that an earlier run wrote as JSON, and refuses anything that its schema does not allow. */
export function parseReport(text: string, name: string): Report {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${name} is no saved report: it is not JSON.`, {
      hint: 'Make one with: --report json=FILE.',
      cause,
    });
  }
  const ajv = new Ajv({ allErrors: false, strict: false });
  ajvFormats.default(ajv);
  if (!ajv.validate(schema, value)) {
    const error = ajv.errors?.[0];
    throw new UserError(
      `${name} is no report of version 1: ${error?.instancePath || 'it'} ${error?.message ?? 'is refused'}.`,
      {
        hint: 'Make one with: --report json=FILE.',
      },
    );
  }
  return value as Report;
}
