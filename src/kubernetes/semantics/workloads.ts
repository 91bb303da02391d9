import type { LabelSelector } from '../../core/objects.ts';
import { matchesSelector } from '../label-selector.ts';
import { claimSpecFaults } from './claim.ts';
import {
  at,
  type Faults,
  type Field,
  isSet,
  itemsOf,
  missing,
  numberOf,
  oneOf,
  outside,
  refuse,
  textOf,
} from './field.ts';
import { isEmptySelector, isReadable, labelsFaults, selectorFaults } from './labels.ts';
import { podSpecFaults } from './pod.ts';
import { isPercent } from './text-rules.ts';
import { judgeVolumes } from './volumes.ts';

const DEFAULT_PROGRESS_SECONDS = 600;

/**
 * k8s.io/kubernetes/pkg/apis/apps/validation: what Deployment, StatefulSet, DaemonSet and ReplicaSet have in common. A selector
 * with a fault is refused once more as a whole, but not by a DaemonSet.
 */
export function* workloadFaults(spec: Field, refusesWholeSelector = true): Faults {
  const [selector, template] = [at(spec, 'selector'), at(spec, 'template')];
  yield* outside(at(spec, 'replicas'), 0, Number.POSITIVE_INFINITY);
  yield* outside(at(spec, 'minReadySeconds'), 0, Number.POSITIVE_INFINITY);
  yield* outside(at(spec, 'revisionHistoryLimit'), 0, Number.POSITIVE_INFINITY);
  if (isSet(selector)) {
    yield* selectorFaults(selector);
    if (!isReadable(selector)) {
      if (refusesWholeSelector) yield refuse(selector, 'the selector cannot be read', 'a selector without faults');
    } else if (isEmptySelector(selector)) yield refuse(selector, 'the selector is empty', 'labels of the template');
  }
  if (!isSet(selector)) yield missing(selector, 'labels of the template');
  else if (isReadable(selector) && !isEmptySelector(selector)) yield* matchFaults(selector, template);
  yield* templateFaults(template);
  const policy = at(template, 'spec', 'restartPolicy');
  if (textOf(policy) !== '' && textOf(policy) !== 'Always')
    yield refuse(policy, 'what serves is always started again', 'Always');
}

function* matchFaults(selector: Field, template: Field): Faults {
  const labels = at(template, 'metadata', 'labels');
  if (!matchesSelector(selector.value as LabelSelector, (labels.value ?? {}) as Readonly<Record<string, string>>))
    yield refuse(labels, 'the selector does not select the pods of the template', 'labels that the selector names');
}

/** ValidatePodTemplateSpec. */
export function* templateFaults(template: Field): Faults {
  yield* labelsFaults(at(template, 'metadata', 'labels'));
  yield* podSpecFaults(at(template, 'spec'));
}

/** ValidateDeploymentSpec. */
export function* deploymentFaults(spec: Field): Faults {
  yield* workloadFaults(spec);
  const strategy = at(spec, 'strategy');
  const rolling = at(strategy, 'rollingUpdate');
  if (textOf(at(strategy, 'type')) === 'Recreate') {
    if (isSet(rolling)) yield refuse(rolling, 'Recreate has no rolling update', 'no such field');
  } else if (isSet(rolling)) {
    yield* portionFaults(at(rolling, 'maxUnavailable'));
    yield* portionFaults(at(rolling, 'maxSurge'));
    yield* noMoreThanAll(at(rolling, 'maxUnavailable'));
    if (isZero(at(rolling, 'maxUnavailable')) && isZero(at(rolling, 'maxSurge')))
      yield refuse(
        at(rolling, 'maxUnavailable'),
        'both maxUnavailable and maxSurge are zero',
        'one of them above zero',
      );
  }
  const deadline = at(spec, 'progressDeadlineSeconds');
  yield* outside(deadline, 0, Number.POSITIVE_INFINITY);
  if ((numberOf(deadline) ?? DEFAULT_PROGRESS_SECONDS) <= (numberOf(at(spec, 'minReadySeconds')) ?? 0))
    yield refuse(deadline, 'progressDeadlineSeconds is not above minReadySeconds', 'more than minReadySeconds');
}

/** ValidateDaemonSetSpec. */
export function* daemonSetFaults(spec: Field): Faults {
  yield* workloadFaults(spec, false);
  const rolling = at(spec, 'updateStrategy', 'rollingUpdate');
  if (!isSet(rolling) || textOf(at(spec, 'updateStrategy', 'type')) === 'OnDelete') return;
  yield* portionFaults(at(rolling, 'maxUnavailable'));
  yield* noMoreThanAll(at(rolling, 'maxUnavailable'));
  yield* portionFaults(at(rolling, 'maxSurge'));
}

/** ValidateStatefulSetSpec. A mount may name a claim template in place of a volume; the host name is the pod's own anyway. */
export function* statefulSetFaults(spec: Field): Faults {
  const claims = itemsOf(at(spec, 'volumeClaimTemplates'));
  for (const claim of claims) yield* claimSpecFaults(at(claim, 'spec'));
  const strategy = at(spec, 'updateStrategy');
  yield* oneOf(at(strategy, 'type'), ['RollingUpdate', 'OnDelete']);
  yield* outside(at(strategy, 'rollingUpdate', 'partition'), 0, Number.POSITIVE_INFINITY);
  const retention = at(spec, 'persistentVolumeClaimRetentionPolicy');
  for (const event of ['whenDeleted', 'whenScaled']) yield* oneOf(at(retention, event), ['Retain', 'Delete']);
  const names = new Set(claims.map((claim) => textOf(at(claim, 'metadata', 'name'))));
  for (const fault of workloadFaults(spec))
    if (!isMountOf(fault.path, spec, names) && fault.path.at(-1) !== 'hostname') yield fault;
}

function isMountOf(path: readonly (string | number)[], spec: Field, names: ReadonlySet<string>): boolean {
  if (path.at(-3) !== 'volumeMounts' || path.at(-1) !== 'name') return false;
  const mount = path.slice(spec.path.length).reduce<Field>((field, step) => at(field, step), { ...spec, path: [] });
  return names.has(textOf(mount)) && !judgeVolumes(at(spec, 'template', 'spec')).names.has(textOf(mount));
}

/** A number of pods, or a share of them: ValidatePositiveIntOrPercent. */
export function* portionFaults(portion: Field): Faults {
  const { value } = portion;
  if (typeof value === 'string' && !isPercent(value))
    yield refuse(portion, 'this is neither a number nor a percentage', 'such as 1 or 25%');
  if (typeof value === 'number' && value < 0) yield refuse(portion, 'the number is negative', 'zero or more');
}

/** IsNotMoreThan100Percent. */
export function* noMoreThanAll(portion: Field): Faults {
  if (typeof portion.value === 'string' && isPercent(portion.value) && Number.parseInt(portion.value, 10) > 100)
    yield refuse(portion, 'this is more than all', 'at most 100%');
}

function isZero({ value }: Field): boolean {
  return value === 0 || (typeof value === 'string' && isPercent(value) && Number.parseInt(value, 10) === 0);
}
