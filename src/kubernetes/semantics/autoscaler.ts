import type { SchemaVersion } from '../../core/api-schemas.ts';
import {
  at,
  type Faults,
  type Field,
  isSet,
  itemsOf,
  missing,
  numberOf,
  outside,
  quantityOf,
  refuse,
  setAmong,
  textOf,
} from './field.ts';
import { selectorFaults } from './labels.ts';

/** Which field belongs to which type of metric, in the order in which the server looks. */
const SOURCES = {
  Object: 'object',
  External: 'external',
  Pods: 'pods',
  Resource: 'resource',
  ContainerResource: 'containerResource',
} as const;
const TARGET_TYPES = ['Utilization', 'Value', 'AverageValue'];
/** Versions in which an autoscaler leaves one pod at least, unless a feature gate is set. */
const ALWAYS_ONE: ReadonlySet<SchemaVersion> = new Set(['1.35', '1.36']);
const MAX_STABILIZATION_SECONDS = 3600;
const MAX_PERIOD_SECONDS = 1800;

/** k8s.io/kubernetes/pkg/apis/autoscaling/validation, validateHorizontalPodAutoscalerSpec. */
export function* autoscalerFaults(spec: Field, kubernetes: SchemaVersion): Faults {
  const [low, high, metrics] = [at(spec, 'minReplicas'), at(spec, 'maxReplicas'), at(spec, 'metrics')];
  const types = itemsOf(metrics).map((metric) => textOf(at(metric, 'type')));
  const mayBeZero = types.includes('Object') || types.includes('External');
  yield* outside(low, ALWAYS_ONE.has(kubernetes) ? 1 : 0, Number.POSITIVE_INFINITY);
  if (numberOf(low) === 0 && !mayBeZero)
    yield refuse(
      metrics,
      'minReplicas is 0, and no metric is there without pods',
      'a metric of type Object or External',
    );
  const max = numberOf(high);
  if (max !== undefined && (max < 1 || max < (numberOf(low) ?? 1)))
    yield refuse(high, `maxReplicas is ${max}`, `at least minReplicas, and 1`);
  const target = at(spec, 'scaleTargetRef');
  for (const name of ['kind', 'name'])
    if (textOf(at(target, name)) === '') yield missing(at(target, name), 'what is scaled');
  const version = at(target, 'apiVersion');
  if (!textOf(version).includes('/')) yield refuse(version, 'the apiVersion names no group', 'such as apps/v1');
  for (const metric of itemsOf(metrics)) yield* metricFaults(metric);
  for (const direction of ['scaleUp', 'scaleDown']) {
    const rules = at(spec, 'behavior', direction);
    if (isSet(rules)) yield* scalingFaults(rules);
  }
}

/** validateMetricSpec. */
function* metricFaults(metric: Field): Faults {
  const type = textOf(at(metric, 'type'));
  const wanted = Object.entries(SOURCES).find(([name]) => name === type)?.[1];
  if (wanted === undefined) {
    yield refuse(at(metric, 'type'), 'there is no such type of metric', Object.keys(SOURCES).join(', '));
    return;
  }
  const present = setAmong(metric, Object.values(SOURCES));
  const [first] = present;
  if (first !== undefined) yield* sourceFaults(at(metric, first), first);
  if (!present.includes(wanted)) yield missing(at(metric, wanted), `what a metric of type ${type} is measured by`);
  if (present.length !== 1)
    for (const other of present.filter((name) => name !== wanted))
      yield refuse(at(metric, other), `a metric of type ${type} has no ${other}`, 'no such field');
}

function* sourceFaults(source: Field, kind: string): Faults {
  const isResource = kind === 'resource' || kind === 'containerResource';
  const name = isResource ? at(source, 'name') : at(source, 'metric', 'name');
  if (textOf(name) === '') yield missing(name, 'the name of the metric');
  yield* selectorFaults(at(source, 'metric', 'selector'));
  const target = at(source, 'target');
  if (!TARGET_TYPES.includes(textOf(at(target, 'type'))))
    yield refuse(at(target, 'type'), 'there is no such type of target', TARGET_TYPES.join(', '));
  for (const amount of ['value', 'averageValue'])
    if (isSet(at(target, amount)) && (quantityOf(at(target, amount)) ?? 0) <= 0)
      yield refuse(at(target, amount), 'the target is not above zero', 'more than zero');
  yield* outside(at(target, 'averageUtilization'), 1, Number.POSITIVE_INFINITY);
  const set = setAmong(target, ['value', 'averageValue', 'averageUtilization']);
  if (isResource) {
    const both = set.includes('averageUtilization') && set.includes('averageValue');
    if (both) yield refuse(at(target, 'averageValue'), 'averageUtilization is there too', 'one of the two');
    if (!set.includes('averageUtilization') && !set.includes('averageValue'))
      yield missing(at(target, 'averageUtilization'), 'averageUtilization or averageValue');
  } else if (!set.includes('averageValue') && (kind === 'pods' || !set.includes('value')))
    yield missing(at(target, 'averageValue'), kind === 'pods' ? 'averageValue' : 'value or averageValue');
}

/** validateScalingRules. */
function* scalingFaults(rules: Field): Faults {
  yield* outside(at(rules, 'stabilizationWindowSeconds'), 0, MAX_STABILIZATION_SECONDS);
  const policies = at(rules, 'policies');
  if (isSet(policies) && itemsOf(policies).length === 0) yield missing(policies, 'one policy or more');
  for (const policy of itemsOf(policies)) {
    const amount = at(policy, 'value');
    if ((numberOf(amount) ?? 0) < 1) yield refuse(amount, 'the policy changes nothing', '1 or more');
    yield* outside(at(policy, 'periodSeconds'), 1, MAX_PERIOD_SECONDS);
    const type = at(policy, 'type');
    if (!['Pods', 'Percent'].includes(textOf(type)))
      yield refuse(type, 'there is no such type of policy', 'Pods, Percent');
  }
}
