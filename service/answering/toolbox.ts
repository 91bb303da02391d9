import type pg from 'pg';
import type { Logger } from '../telemetry/logging.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { withSpan } from '../telemetry/with-span.ts';
import type { Toolbox, ToolDescription, ToolResult } from './answerer.ts';
import { type FoundDocument, searchDocuments } from './documents.ts';

const TOOL_TIMEOUT_MS = 5_000;
const MAX_FOUND = 3;
/** A longer document is told by the sentences that fit. */
const MAX_TOLD_CHARACTERS = 4_000;

interface Tool extends ToolDescription {
  run(input: Readonly<Record<string, unknown>>): Promise<Omit<ToolResult, 'outcome'>>;
}

export const TOOL_NAMES = ['search_documents', 'current_time'] as const;

/** Makes the tools of the service; each call is timed, counted and bounded. */
export function createToolbox(
  pool: pg.Pool,
  metrics: Metrics,
  logger: Logger,
  now: () => Date = () => new Date(),
): Toolbox {
  const tools: readonly Tool[] = [
    {
      name: 'search_documents',
      description: 'Finds the documents about the service that fit a question best.',
      parameters: {
        type: 'object',
        properties: { query: { type: 'string' } },
        required: ['query'],
        additionalProperties: false,
      },
      async run({ query }) {
        if (typeof query !== 'string' || query.trim() === '') throw new Error('query must be a text');
        const found = await searchDocuments(pool, query, MAX_FOUND);
        return { output: found.length === 0 ? 'No document fits.' : found.map(tell).join('\n\n'), found };
      },
    },
    {
      name: 'current_time',
      description: 'Tells the date and time, in UTC.',
      parameters: { type: 'object', properties: {}, additionalProperties: false },
      run: async () => ({ output: now().toISOString() }),
    },
  ];
  return {
    tools: tools.map(({ name, description, parameters }) => ({ name, description, parameters })),
    async call(name, input) {
      const tool = tools.find((candidate) => candidate.name === name);
      if (tool === undefined) return { outcome: 'error', output: `There is no tool ${name.slice(0, 64)}.` };
      const started = performance.now();
      let errorType: string | undefined;
      try {
        const result = await withSpan(
          {
            name: `execute_tool ${tool.name}`,
            kind: 'internal',
            attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': tool.name },
          },
          () => bounded(tool.run(isRecord(input) ? input : {}), TOOL_TIMEOUT_MS),
        );
        return { outcome: 'ok', ...result };
      } catch (err) {
        errorType = 'failed';
        logger.warn({ err, tool: tool.name }, 'a tool failed');
        return { outcome: 'error', output: 'The tool failed.' };
      } finally {
        metrics.toolCalled({
          name: tool.name,
          seconds: (performance.now() - started) / 1000,
          ...(errorType === undefined ? {} : { errorType }),
        });
      }
    },
  };
}

function tell({ title, body, sentences }: FoundDocument): string {
  const told = body.length <= MAX_TOLD_CHARACTERS ? body : sentences.map(({ text }) => text).join(' … ');
  return `# ${title}\n${told.slice(0, MAX_TOLD_CHARACTERS)}`;
}

function bounded<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  const { promise, reject, resolve } = Promise.withResolvers<T>();
  const timer = setTimeout(() => reject(new Error(`no result within ${timeoutMs} ms`)), timeoutMs);
  work.then(resolve, reject).finally(() => clearTimeout(timer));
  return promise;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
