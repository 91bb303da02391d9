import { edgeHandshakesFact } from './edge-handshakes.ts';
import type { LiveFact } from './live-fact.ts';
import { observedAtFact } from './observed-at.ts';
import { podHealthFact } from './pod-health.ts';
import { podLogsFact } from './pod-logs.ts';
import { podMetricsFact } from './pod-metrics.ts';
import { podsFact } from './pods.ts';

/** Every fact that a cluster tells beside its lists of objects. */
export const LIVE_FACTS: readonly LiveFact[] = [
  podsFact,
  podLogsFact,
  podHealthFact,
  podMetricsFact,
  edgeHandshakesFact,
  observedAtFact,
];
