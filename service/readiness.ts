import type pg from 'pg';
import { inspectDatabase } from './database/migrations.ts';
import type { Logger } from './telemetry/logging.ts';

export interface Readiness {
  /** Whether traffic can be taken now; never rejects, and answers within its budget. */
  check(): Promise<ReadinessResult>;
  /** What `check` would give without asking the database; undefined where it has to ask. */
  known(): ReadinessResult | undefined;
  /** Lets the next check ask the database, since something is known to have changed. */
  forget(): void;
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
/** Counted from the beginning of a check: however many ask, and whatever is wrong, the database gets one query a second. */
const FRESH_MS = 1_000;

type Trouble = 'read-only' | 'schema' | 'slow' | 'unreachable';

/** Asks the database through a connection of its own: once at a time, for everybody who asks. */
export function createReadiness(pool: pg.Pool, logger: Logger): Readiness {
  let draining = false;
  let askedAt = Number.NEGATIVE_INFINITY;
  let result: ReadinessResult = { ready: false, draining, database: 'fail', checkedAt: new Date().toISOString() };
  let before: Trouble | 'pass' | undefined;
  let underWay: Promise<void> | undefined;
  const known = () => {
    if (draining) return result;
    return underWay === undefined && performance.now() - askedAt < FRESH_MS ? result : undefined;
  };

  return {
    drain: () => {
      draining = true;
      result = { ...result, ready: false, draining };
    },
    forget: () => {
      askedAt = Number.NEGATIVE_INFINITY;
    },
    known,
    async check() {
      if (known() === undefined) {
        underWay ??= refresh().finally(() => {
          underWay = undefined;
        });
        await underWay;
      }
      return result;
    },
  };

  async function refresh(): Promise<void> {
    askedAt = performance.now();
    const found = await ask();
    const database = found.state === 'pass' ? 'pass' : 'fail';
    result = { ready: database === 'pass' && !draining, draining, database, checkedAt: new Date().toISOString() };
    // Told when it changes: once a second, for as long as an outage lasts, would bury what else is said.
    if (found.state !== before) {
      // A schema that is not there yet is how every first start looks.
      const level = before === undefined && found.state === 'schema' ? 'info' : 'warn';
      if (database === 'pass') logger.info({ database }, 'readiness changed');
      else logger[level]({ database, reason: found.state, err: found.err }, SENTENCES[found.state as Trouble]);
    }
    before = found.state;
  }

  async function ask(): Promise<{ readonly state: Trouble | 'pass'; readonly err?: unknown }> {
    const { promise: late, resolve } = Promise.withResolvers<{ readonly state: Trouble }>();
    const timer = setTimeout(() => resolve({ state: 'slow' }), READINESS_BUDGET_MS);
    const answer = inspectDatabase(pool).then(
      (state) => ({ state }),
      (err: unknown) => ({ state: 'unreachable' as const, err }),
    );
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  }
}

const SENTENCES: Readonly<Record<Trouble, string>> = {
  'read-only': 'not ready: the database takes no writes',
  schema: 'not ready: the schema is not the one that this version needs',
  slow: `not ready: the database did not answer within ${READINESS_BUDGET_MS} ms`,
  unreachable: 'not ready: the readiness check could not reach the database',
};
