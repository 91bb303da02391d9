import type { Check } from '../../core/check.ts';
import { healthInClusterCheck } from './in-cluster/check.ts';
import { healthLeakCheck } from './leak/check.ts';
import { healthLiveCheck } from './live/check.ts';
import { healthLiveIndependentCheck } from './live-independent/check.ts';
import { healthOutageLivenessCheck } from './outage-liveness/check.ts';
import { healthOutageReadinessCheck } from './outage-readiness/check.ts';
import { healthReadyCheck } from './ready/check.ts';
import { healthReadyDependenciesCheck } from './ready-dependencies/check.ts';

export const healthChecks: readonly Check[] = [
  healthLiveCheck,
  healthReadyCheck,
  healthLiveIndependentCheck,
  healthReadyDependenciesCheck,
  healthOutageLivenessCheck,
  healthOutageReadinessCheck,
  healthLeakCheck,
  healthInClusterCheck,
];
