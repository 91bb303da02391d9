import type { ClusterFacts, NodeFacts } from './cluster-facts.ts';
import { publishImage } from './images/image-store.ts';
import { postgresImage } from './images/postgres-image.ts';
import { serviceImage } from './images/service-image.ts';
import { startCertManager } from './node/cert-manager.ts';
import { startMetrics } from './node/metrics-server.ts';
import { startEdge } from './node/traefik.ts';

type Addition = (facts: ClusterFacts, node: NodeFacts) => Promise<void>;

/** What `cluster add` puts into a running node, by name. Images get the names under which people write them. */
export const ADDITIONS: Readonly<Record<string, Addition>> = {
  edge: startEdge,
  'cert-manager': startCertManager,
  metrics: startMetrics,
  service: async (_, node) => publishImage(node.imageStore, 'qna-ready.test/service:1', await serviceImage()),
  postgres: async (_, node) => publishImage(node.imageStore, 'docker.io/library/postgres:18', await postgresImage()),
};
