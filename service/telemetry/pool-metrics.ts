import type { Registry } from './prometheus.ts';

/** What the pool of database connections says of itself. */
export interface PoolState {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
  readonly max: number;
}

export interface PoolMetrics {
  /** Work asked for a connection and got one, or none in time. */
  connectionAcquired(wait: { readonly seconds: number; readonly failed: boolean }): void;
}

/** A connection that is free is had in microseconds; a new one takes a handshake; the rest is waiting. */
const WAIT_BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2.5, 5];

export function createPoolMetrics(registry: Registry, pool: () => PoolState): PoolMetrics {
  registry.gauge({
    name: 'db_pool_connections',
    help: 'Connections of the pool, by what they do.',
    labels: ['state'],
    collect(gauge) {
      const { total, idle } = pool();
      gauge.set({ state: 'idle' }, idle);
      gauge.set({ state: 'used' }, total - idle);
    },
  });
  registry.gauge({
    name: 'db_pool_connections_max',
    help: 'Connections that the pool may have at most.',
    collect: (gauge) => gauge.set({}, pool().max),
  });
  registry.gauge({
    name: 'db_pool_waiting_requests',
    help: 'Work that waits for a connection of the pool.',
    collect: (gauge) => gauge.set({}, pool().waiting),
  });
  const wait = registry.histogram({
    name: 'db_pool_acquire_duration_seconds',
    help: 'Time that work waited for a connection of the pool.',
    buckets: WAIT_BUCKETS,
  });
  const failures = registry.counter({
    name: 'db_pool_acquire_failures_total',
    help: 'Work that got no connection of the pool, or none in time.',
  });
  failures.add({}, 0);
  return {
    connectionAcquired({ seconds, failed }) {
      wait.observe({}, seconds);
      if (failed) failures.add({});
    },
  };
}
