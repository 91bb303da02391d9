import { driftFact } from './drift/drift-fact.ts';
import { edgeHandshakesFact } from './edge-handshakes.ts';
import type { LiveFact } from './live-fact.ts';
import { namespacesFact } from './namespaces.ts';
import { nodeArchitecturesFact } from './node-architectures.ts';
import { observedAtFact } from './observed-at.ts';
import { podHealthFact } from './pod-health.ts';
import { podLogsFact } from './pod-logs.ts';
import { podMetricsFact } from './pod-metrics.ts';
import { podsFact } from './pods.ts';
import { volumeStatsFact } from './volume-stats.ts';

/** Every fact that a cluster tells beside its lists of objects. */
export const LIVE_FACTS: readonly LiveFact[] = [
  podsFact,
  podLogsFact,
  podHealthFact,
  podMetricsFact,
  edgeHandshakesFact,
  observedAtFact,
  namespacesFact,
  nodeArchitecturesFact,
  volumeStatsFact,
  driftFact,
];
