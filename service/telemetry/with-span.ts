import { childContext, currentRequest, withRequest } from '../http/request-context.ts';
import { NO_SPAN, type Span, type SpanStart } from './tracer.ts';

/**
 * Does work within a span of the present request's trace. Log lines and calls made in it carry its id. Without a tracer, or
 * outside of any request, it does the work and nothing else.
 */
export async function withSpan<T>(
  { name, kind, attributes }: Pick<SpanStart, 'name' | 'kind' | 'attributes'>,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const parent = currentRequest();
  const context = parent === undefined ? undefined : childContext(parent, { name, kind, attributes: attributes ?? {} });
  if (context === undefined) return work(NO_SPAN);
  return withRequest(context, async () => {
    try {
      return await work(context.span);
    } catch (error) {
      context.span.fail(errorTypeOf(error));
      throw error;
    } finally {
      context.span.end();
    }
  });
}

/** The reason that one of our errors gives, the code of a driver's, or its name: each is of few kinds. */
export function errorTypeOf(error: unknown): string {
  const { reason, code, name } = (error ?? {}) as Readonly<Record<'reason' | 'code' | 'name', unknown>>;
  return [reason, code, name].find((text) => typeof text === 'string' && text !== '')?.toString() ?? '_OTHER';
}
