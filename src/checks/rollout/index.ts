import type { Check } from '../../core/check.ts';
import { rolloutObservedCheck } from './observed/check.ts';
import { replicasCheck } from './replicas/check.ts';
import { strategyCheck } from './strategy/check.ts';

export const rolloutChecks: readonly Check[] = [replicasCheck, strategyCheck, rolloutObservedCheck];
