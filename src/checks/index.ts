import type { Check } from '../core/check.ts';
import { autoscalingChecks } from './autoscaling/index.ts';
import { backupChecks } from './backup/index.ts';
import { configChecks } from './config/index.ts';
import { databaseChecks } from './database/index.ts';
import { disruptionChecks } from './disruption/index.ts';
import { driftChecks } from './drift/index.ts';
import { healthChecks } from './health/index.ts';
import { httpChecks } from './http/index.ts';
import { identityChecks } from './identity/index.ts';
import { imageChecks } from './image/index.ts';
import { ingressChecks } from './ingress/index.ts';
import { jobChecks } from './job/index.ts';
import { lifecycleChecks } from './lifecycle/index.ts';
import { llmChecks } from './llm/index.ts';
import { loadChecks } from './load/index.ts';
import { logsChecks } from './logs/index.ts';
import { metricsChecks } from './metrics/index.ts';
import { networkChecks } from './network/index.ts';
import { operationsChecks } from './operations/index.ts';
import { placementChecks } from './placement/index.ts';
import { podSecurityChecks } from './pod-security/index.ts';
import { portChecks } from './port/index.ts';
import { probesChecks } from './probes/index.ts';
import { referenceChecks } from './reference/index.ts';
import { resourcesChecks } from './resources/index.ts';
import { rolloutChecks } from './rollout/index.ts';
import { schemaChecks } from './schema/index.ts';
import { secretsChecks } from './secrets/index.ts';
import { serviceChecks } from './service/index.ts';
import { storageChecks } from './storage/index.ts';

/** Every check, in the order of the review. */
export const CHECKS: readonly Check[] = [
  ...secretsChecks,
  ...configChecks,
  ...healthChecks,
  ...probesChecks,
  ...lifecycleChecks,
  ...logsChecks,
  ...metricsChecks,
  ...loadChecks,
  ...storageChecks,
  ...databaseChecks,
  ...backupChecks,
  ...ingressChecks,
  ...httpChecks,
  ...serviceChecks,
  ...portChecks,
  ...resourcesChecks,
  ...rolloutChecks,
  ...disruptionChecks,
  ...autoscalingChecks,
  ...placementChecks,
  ...jobChecks,
  ...podSecurityChecks,
  ...identityChecks,
  ...networkChecks,
  ...imageChecks,
  ...schemaChecks,
  ...referenceChecks,
  ...llmChecks,
  ...operationsChecks,
  ...driftChecks,
];
