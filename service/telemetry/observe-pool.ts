import type pg from 'pg';
import { childContext, currentRequest, type RequestContext } from '../http/request-context.ts';
import type { PoolMetrics } from './pool-metrics.ts';
import { currentTracer } from './tracer.ts';
import { errorTypeOf } from './with-span.ts';

type Connect = (callback?: ConnectCallback) => Promise<pg.PoolClient> | undefined;
type ConnectCallback = (error: Error | undefined, client: pg.PoolClient | undefined, done: unknown) => void;
type Query = (...input: readonly unknown[]) => Promise<unknown>;

/**
 * Measures how long work waits for a connection, and makes a span of each group of queries: one query that is given to the
 * pool, or all that is done with one connection until it is given back.
 */
export function observePool(pool: pg.Pool, metrics: PoolMetrics): void {
  const connect = pool.connect.bind(pool) as Connect;
  const query = pool.query.bind(pool) as Query;
  const observed: Connect = (callback) => {
    const started = performance.now();
    const acquired = (failed: boolean) =>
      metrics.connectionAcquired({ seconds: (performance.now() - started) / 1000, failed });
    // The pool's own query calls this way, and has a span already.
    if (callback !== undefined)
      return connect((error, client, done) => {
        acquired(error !== undefined && error !== null);
        callback(error, client, done);
      });
    const group = beginSpan('database work', {});
    return connect()?.then(
      (client) => {
        acquired(false);
        endWithRelease(client, group);
        return client;
      },
      (error: unknown) => {
        acquired(true);
        end(group, error);
        throw error;
      },
    );
  };
  const traced: Query = (...input) => {
    if (currentTracer() === undefined) return query(...input);
    const summary = summaryOf(input[0]);
    const span = beginSpan(summary, { 'db.query.summary': summary, 'db.operation.name': summary.split(' ')[0] });
    return query(...input).then(
      (result) => {
        end(span);
        return result;
      },
      (error: unknown) => {
        end(span, error);
        throw error;
      },
    );
  };
  Object.assign(pool, { connect: observed, query: traced });
}

function beginSpan(name: string, attributes: Readonly<Record<string, string | undefined>>): RequestContext | undefined {
  const parent = currentRequest();
  if (parent === undefined) return undefined;
  return childContext(parent, { name, kind: 'client', attributes: { 'db.system.name': 'postgresql', ...attributes } });
}

function end(context: RequestContext | undefined, error?: unknown): void {
  if (error !== undefined) context?.span.fail(errorTypeOf(error));
  context?.span.end();
}

function endWithRelease(client: pg.PoolClient, group: RequestContext | undefined): void {
  if (group === undefined) return;
  const release = client.release.bind(client);
  client.release = (error) => {
    end(group, error === true ? new Error('the connection was thrown away') : error || undefined);
    client.release = release;
    release(error);
  };
}

/** What a query does and to what, as `INSERT answers`: its text may be long, and its values are nobody's business. */
function summaryOf(query: unknown): string {
  const text = typeof query === 'string' ? query : String((query as { readonly text?: unknown } | null)?.text ?? '');
  const [first = 'QUERY'] = /[a-z]+/i.exec(text) ?? [];
  // Common table expressions stand before what the statement does.
  const operation = /^with$/i.test(first) ? 'SELECT' : first;
  // What follows FROM may be a function, which is no target.
  const [, from, other] =
    /\b(?:from\s+(?:only\s+)?"?([a-z_][a-z0-9_]*)\b(?!\s*\()|(?:into|update|table)\s+(?:only\s+|if\s+(?:not\s+)?exists\s+)?"?([a-z_][a-z0-9_]*))/i.exec(
      text,
    ) ?? [];
  const target = from ?? other;
  return [operation.toUpperCase(), target].filter((part) => part !== undefined).join(' ');
}
