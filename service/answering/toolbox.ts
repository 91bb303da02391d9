import type { Logger } from '../telemetry/logging.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { withSpan } from '../telemetry/with-span.ts';
import type { Toolbox, ToolResult } from './answerer.ts';
import { type Tool, ToolMistake } from './tools.ts';

export interface ToolCaps {
  /** For one question. */
  readonly calls: number;
  readonly timeoutMs: number;
  readonly outputCharacters: number;
}

export const TOOL_CAPS: ToolCaps = { calls: 12, timeoutMs: 5_000, outputCharacters: 12_000 };

/** A toolbox for one question. */
export type OpenToolbox = () => Toolbox;

/** Puts tools into boxes, one for each question; each call is timed, counted and bounded. */
export function createToolboxes(
  tools: readonly Tool[],
  metrics: Metrics,
  logger: Logger,
  caps: ToolCaps = TOOL_CAPS,
): OpenToolbox {
  const descriptions = tools.map(({ name, description, parameters }) => ({ name, description, parameters }));
  return () => {
    let calls = 0;
    return {
      tools: descriptions,
      async call(name, input) {
        calls += 1;
        if (calls > caps.calls)
          return {
            outcome: 'error',
            output: 'No more tools can be called for this question: answer with what you have.',
          };
        return callOne(name, input);
      },
    };
  };

  async function callOne(name: string, input: unknown): Promise<ToolResult> {
    const started = performance.now();
    let errorType: string | undefined;
    try {
      const tool = tools.find((candidate) => candidate.name === name);
      if (tool === undefined) throw new ToolMistake(`There is no tool ${name.slice(0, 64)}.`);
      const result = await withSpan(
        {
          name: `execute_tool ${tool.name}`,
          kind: 'internal',
          attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': tool.name },
        },
        () => within(tool.run(isRecord(input) ? input : {}), caps.timeoutMs),
      );
      return { outcome: 'ok', ...result, output: cut(result.output, caps.outputCharacters) };
    } catch (err) {
      if (err instanceof ToolMistake) {
        errorType = 'mistake';
        return { outcome: 'error', output: err.message };
      }
      errorType = err instanceof ToolTimeout ? 'timeout' : 'failed';
      logger.warn({ err, tool: name.slice(0, 64) }, 'a tool failed');
      return { outcome: 'error', output: 'The tool failed.' };
    } finally {
      const seconds = (performance.now() - started) / 1000;
      metrics.toolCalled({ name, seconds, ...(errorType === undefined ? {} : { errorType }) });
    }
  }
}

class ToolTimeout extends Error {
  override readonly name = 'ToolTimeout';
}

function within<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  const { promise, reject, resolve } = Promise.withResolvers<T>();
  const timer = setTimeout(() => reject(new ToolTimeout(`no result within ${timeoutMs} ms`)), timeoutMs);
  work.then(resolve, reject).finally(() => clearTimeout(timer));
  return promise;
}

function cut(output: string, most: number): string {
  return output.length <= most ? output : `${output.slice(0, most).toWellFormed()}… (the rest was cut off)`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
