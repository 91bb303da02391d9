import type { Verdict } from '../core/check.ts';
import type { Reference } from '../kubernetes/references/settings.ts';
import { referencesOf } from '../kubernetes/references/settings.ts';
import type { Workload } from '../kubernetes/workload.ts';

/** What is known of the object that a reference names: its keys, or that it exists with keys nobody can know yet. */
export type Target = { readonly keys: ReadonlySet<string> | 'any' } | undefined;

/** Follows every reference of one kind to its object and key. One verdict for each reference that leads nowhere, one pass for the rest. */
export function resolveReferences(
  kind: Reference['kind'],
  workloads: readonly Workload[],
  find: (name: string, beside: Workload) => Target,
): readonly Verdict[] {
  return workloads.flatMap((workload) => {
    const references = referencesOf(workload).filter((reference) => reference.kind === kind);
    const faults = references.flatMap((reference) => faultOf(reference, workload, find(reference.name, workload)));
    if (references.length === 0 || faults.length > 0) return faults;
    return [
      {
        outcome: 'pass',
        subject: workload.resource.ref,
        message: `Each of its ${references.length} references to a ${kind} leads to one that exists.`,
      },
    ];
  });
}

function faultOf(
  { kind, name, key, optional, path, subject }: Reference,
  { resource }: Workload,
  target: Target,
): readonly Verdict[] {
  if (optional) return [];
  const wanted = key === undefined || key === '' ? `${kind} ${name}` : `${kind} ${name} key ${key}`;
  const base = { outcome: 'fail' as const, subject: `${subject} ${wanted}`, where: resource.locate(path) };
  if (target === undefined)
    return [
      {
        ...base,
        message: `It names the ${kind} ${name}, which does not exist; the pod cannot start.`,
        observed: `no ${kind} ${name} in the namespace`,
        expected: wanted,
      },
    ];
  if (key === undefined || target.keys === 'any' || target.keys.has(key)) return [];
  const keys = [...target.keys];
  return [
    {
      ...base,
      message: `It names the key ${key}, which the ${kind} ${name} does not have; the pod cannot start.`,
      observed: keys.length === 0 ? 'no key at all' : `the keys ${keys.slice(0, 8).join(', ')}`,
      expected: `the key ${key}`,
    },
  ];
}
