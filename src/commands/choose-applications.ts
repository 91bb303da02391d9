import { UserError } from '../core/errors.ts';
import type { Snapshot } from '../core/facts.ts';
import { nearest } from '../core/nearest.ts';
import type { LabelSelector } from '../core/objects.ts';
import { matchesSelector } from '../kubernetes/label-selector.ts';
import { readLabelSelector } from '../kubernetes/label-selector-text.ts';
import { type Application, applicationsOf, knownAs, knownNamesOf } from '../kubernetes/scope/applications.ts';
import type { ScopeView } from '../kubernetes/scope/scope-facts.ts';
import { WORKLOAD_FACTS, type Workload, workloadsOf } from '../kubernetes/workload.ts';

/** Which applications a person wants to hear of; of all, where neither is given. */
export interface ApplicationChoice {
  readonly apps: readonly string[];
  readonly selector?: string;
}

export type Found = ReadonlyMap<Snapshot, readonly Application[]>;
export type Views = ReadonlyMap<Snapshot, ScopeView>;

export interface AbsentApplication {
  readonly snapshot: Snapshot;
  readonly what: string;
  readonly reason: string;
}

/** Reads the choice early, so that a mistake in it costs no long run. */
export function readChoice({ selector }: ApplicationChoice): LabelSelector | undefined {
  if (selector === undefined) return undefined;
  const read = readLabelSelector(selector);
  if ('selector' in read) return read.selector;
  const { column, message, hint } = read.fault;
  throw new UserError(`--selector ${selector} cannot be read at column ${column}: ${message}.`, { hint });
}

export function isChosen({ apps, selector }: ApplicationChoice): boolean {
  return apps.length > 0 || selector !== undefined;
}

/** The applications that a person chose, in each snapshot. Throws UserError where nothing answers to a name, or to the selector. */
export function choose(views: Views, choice: ApplicationChoice): Found {
  const selector = readChoice(choice);
  const workloads = new Map([...views].map(([snapshot, { facts }]) => [snapshot, workloadsOf(facts)] as const));
  const all = [...workloads.values()].flat();
  for (const name of choice.apps) if (knownAs(name, all).length === 0) refuse(name, all, views);
  const found = new Map(
    [...workloads].map(([snapshot, own]) => {
      const named =
        choice.apps.length === 0
          ? own
          : own.filter((workload) => choice.apps.some((name) => knownAs(name, own).includes(workload)));
      return [
        snapshot,
        applicationsOf(named.filter((workload) => selector === undefined || selects(selector, workload))),
      ] as const;
    }),
  );
  if ([...found.values()].every((applications) => applications.length === 0))
    refuseSelector(selector, choice, all, views);
  return found;
}

function selects(selector: LabelSelector, { resource }: Workload): boolean {
  return matchesSelector(selector, resource.object.metadata?.labels);
}

function refuse(name: string, workloads: readonly Workload[], views: Views): never {
  const names = [...new Set(workloads.flatMap(knownNamesOf))].sort();
  const near = nearest(name, names);
  throw new UserError(`No workload of ${targetsOf(views)} is known as ${name}.`, {
    hint:
      unseenHint(views) ??
      (near !== undefined
        ? `Did you mean ${near}?`
        : names.length === 0
          ? 'There is no workload at all.'
          : `The names are: ${names.slice(0, MAX_NAMES).join(', ')}${names.length > MAX_NAMES ? ' and others' : ''}.`),
  });
}

const MAX_NAMES = 20;

function refuseSelector(
  selector: LabelSelector | undefined,
  choice: ApplicationChoice,
  workloads: readonly Workload[],
  views: Views,
): never {
  const ofPods =
    selector !== undefined && workloads.some(({ template }) => matchesSelector(selector, template.metadata?.labels));
  throw new UserError(
    `--selector ${choice.selector} selects no workload${choice.apps.length === 0 ? '' : ` known as ${choice.apps.join(' or ')}`} of ${targetsOf(views)}.`,
    {
      hint:
        unseenHint(views) ??
        (ofPods
          ? 'It matches labels of pods, and is asked of the labels of Deployments and their like: see kubectl get deployments --show-labels.'
          : 'See the labels with: kubectl get deployments,statefulsets,daemonsets --show-labels.'),
    },
  );
}

function targetsOf(views: Views): string {
  return [...views.keys()].map(placeOf).join(' or ');
}

function placeOf({ source, target }: Snapshot): string {
  return source === 'files' ? `files ${target}` : target;
}

/** What was not seen may be what was meant. */
function unseenHint(views: Views): string | undefined {
  for (const { facts } of views.keys())
    for (const name of WORKLOAD_FACTS) {
      const observed = facts[name];
      if (observed?.seen === false)
        return `It may be there all the same: ${name} were not seen, since ${observed.reason}.`;
    }
  return undefined;
}

/** A chosen application that one snapshot lacks is not proven by the others. */
export function absentIn(views: Views, found: Found, choice: ApplicationChoice): readonly AbsentApplication[] {
  return [...views].flatMap(([snapshot, { facts }]) => {
    const workloads = workloadsOf(facts);
    if (workloads.length === 0) return [];
    const missing = choice.apps.filter((name) => knownAs(name, workloads).length === 0);
    if (choice.apps.length === 0 && choice.selector !== undefined && (found.get(snapshot) ?? []).length === 0)
      missing.push(`--selector ${choice.selector}`);
    return missing.map((name) => ({
      snapshot,
      what: `application ${name}`,
      reason: `no workload of ${placeOf(snapshot)} is known by that`,
    }));
  });
}
