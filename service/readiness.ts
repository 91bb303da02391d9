import type pg from 'pg';
import { isSchemaCurrent } from './database/migrations.ts';
import type { Logger } from './telemetry/logging.ts';

export interface Readiness {
  /** Whether traffic can be taken now; never rejects, and answers within its budget. */
  check(): Promise<ReadinessResult>;
  /** From now on the answer is no, whatever a check that is under way may find. */
  drain(): void;
}

export interface ReadinessResult {
  readonly ready: boolean;
  readonly draining: boolean;
  readonly database: 'pass' | 'fail';
  /** ISO 8601. */
  readonly checkedAt: string;
}

/** Under the second that the kubelet waits by default, with room for the way there and back. */
export const READINESS_BUDGET_MS = 700;
/** Ten probers then cost the database one query. A no is asked again sooner, so that recovery is told at once. */
const FRESH_MS = { pass: 1_000, fail: 200 } as const;

/** Asks the database through a connection of its own: once at a time, for everybody who asks. */
export function createReadiness(pool: pg.Pool, logger: Logger): Readiness {
  let draining = false;
  let last: { readonly at: number; readonly result: Pick<ReadinessResult, 'database' | 'checkedAt'> } | undefined;
  let underWay: Promise<void> | undefined;

  return {
    drain: () => {
      draining = true;
    },
    async check() {
      if (last === undefined || performance.now() - last.at > FRESH_MS[last.result.database]) {
        underWay ??= refresh().finally(() => {
          underWay = undefined;
        });
        await underWay;
      }
      const { database = 'fail', checkedAt = new Date().toISOString() } = last?.result ?? {};
      return { ready: database === 'pass' && !draining, draining, database, checkedAt };
    },
  };

  async function refresh(): Promise<void> {
    const before = last?.result.database;
    const database = await ask();
    last = { at: performance.now(), result: { database, checkedAt: new Date().toISOString() } };
    if (before !== database) logger.info({ database }, 'readiness changed');
  }

  async function ask(): Promise<'pass' | 'fail'> {
    const { promise: late, resolve } = Promise.withResolvers<'fail'>();
    const timer = setTimeout(() => resolve('fail'), READINESS_BUDGET_MS);
    const answer = isSchemaCurrent(pool).then(
      (current) => (current ? ('pass' as const) : ('fail' as const)),
      (err: unknown) => {
        logger.warn({ err }, 'the readiness check could not reach the database');
        return 'fail' as const;
      },
    );
    const first = await Promise.race([answer, late]);
    clearTimeout(timer);
    return first;
  }
}
