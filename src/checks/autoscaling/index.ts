import type { Check } from '../../core/check.ts';
import { autoscalingObservedCheck } from './observed/check.ts';
import { autoscalingTargetCheck } from './target/check.ts';

export const autoscalingChecks: readonly Check[] = [autoscalingTargetCheck, autoscalingObservedCheck];
