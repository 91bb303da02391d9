import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import type { Exchange } from '../../core/endpoint-facts.ts';

export type Phases = NonNullable<Exchange['phasesMs']>;

export interface TimedConnector {
  readonly connect: buildConnector.connector;
  /** The phases of the last connection that was made since the last call. */
  take(): Phases;
}

/** Times the making of connections, as the sockets themselves tell of it. */
export function timed(connect: buildConnector.connector): TimedConnector {
  let last: Phases = {};
  return {
    connect(options, callback) {
      let since = performance.now();
      const lap = () => {
        const now = performance.now();
        const tookMs = Math.round((now - since) * 100) / 100;
        since = now;
        return tookMs;
      };
      // undici gives the socket back, and does not say so in its types.
      const socket = connect(options, callback) as unknown as Socket | undefined;
      last = {};
      socket?.once('lookup', () => {
        last = { ...last, resolve: lap() };
      });
      socket?.once('connect', () => {
        last = { ...last, connect: lap() };
      });
      socket?.once('secureConnect', () => {
        last = { ...last, tls: lap() };
      });
      return socket;
    },
    take() {
      const taken = last;
      last = {};
      return taken;
    },
  };
}
