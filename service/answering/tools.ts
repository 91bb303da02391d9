import type pg from 'pg';
import type { ToolDescription, ToolResult } from './answerer.ts';
import { CalculationError, calculate } from './calculate.ts';
import { type FoundDocument, searchDocuments } from './documents.ts';

export interface Tool extends ToolDescription {
  /** Throws ToolMistake where the input is wrong. */
  run(input: Readonly<Record<string, unknown>>): Promise<Omit<ToolResult, 'outcome'>>;
}

/** The model used a tool wrongly; the message tells it how. */
export class ToolMistake extends Error {
  override readonly name = 'ToolMistake';
}

const MAX_QUERY_LENGTH = 4_000;
const MAX_FOUND = 3;
/** A longer document is told by the sentences that fit. */
const MAX_TOLD_CHARACTERS = 4_000;

/** The tools of the service. What they read is its own; none reaches out. */
export function createTools(pool: pg.Pool, now: () => Date): readonly Tool[] {
  return [
    {
      name: 'search_documents',
      description: 'Finds the documents about the service that fit a question best.',
      parameters: objectOf({ query: { type: 'string', description: 'A question, or a few words.' } }, ['query']),
      async run(input) {
        const query = textOf(input, 'query').slice(0, MAX_QUERY_LENGTH);
        const found = await searchDocuments(pool, query, MAX_FOUND);
        return { output: found.length === 0 ? 'No document fits.' : found.map(tell).join('\n\n'), found };
      },
    },
    {
      name: 'calculate',
      description:
        'Calculates an expression exactly: + - * / % ^, brackets, sqrt, abs, round, min, max, ln, log10 and others.',
      parameters: objectOf({ expression: { type: 'string', description: 'Such as (3 + 4) * 2^10.' } }, ['expression']),
      async run(input) {
        try {
          return { output: String(calculate(textOf(input, 'expression'))) };
        } catch (error) {
          throw error instanceof CalculationError ? new ToolMistake(error.message) : error;
        }
      },
    },
    {
      name: 'current_time',
      description: 'Tells the date and time, in UTC and in a time zone.',
      parameters: objectOf({ timeZone: { type: 'string', description: 'Such as Europe/Berlin.' } }, []),
      async run({ timeZone }) {
        const time = now();
        if (timeZone === undefined) return { output: time.toISOString() };
        return { output: `${time.toISOString()}, which is ${localTime(time, timeZone)}` };
      },
    },
  ];
}

export const TOOL_NAMES = ['search_documents', 'calculate', 'current_time'] as const;

function objectOf(properties: object, required: readonly string[]): ToolDescription['parameters'] {
  return { type: 'object', properties, required, additionalProperties: false };
}

function textOf(input: Readonly<Record<string, unknown>>, name: string): string {
  const value = input[name];
  // PostgreSQL takes no zero byte.
  if (typeof value === 'string' && value.trim() !== '' && !value.includes('\0')) return value;
  throw new ToolMistake(`"${name}" must be a text that says something.`);
}

function tell({ title, body, sentences }: FoundDocument): string {
  const told = body.length <= MAX_TOLD_CHARACTERS ? body : sentences.map(({ text }) => text).join(' … ');
  return `# ${title}\n${told.slice(0, MAX_TOLD_CHARACTERS)}`;
}

function localTime(time: Date, timeZone: unknown): string {
  try {
    const format = new Intl.DateTimeFormat('en-GB', {
      dateStyle: 'full',
      timeStyle: 'long',
      timeZone: String(timeZone),
    });
    return format.format(time);
  } catch {
    throw new ToolMistake('"timeZone" must be a name of the IANA database, such as Europe/Berlin.');
  }
}
