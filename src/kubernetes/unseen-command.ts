import type { Observed, Snapshot } from '../core/facts.ts';
import { KINDS } from './kinds.ts';

/** Facts that are read from objects of another fact's kind. */
const READ_WITH: Readonly<
  Record<string, { readonly verb: string; readonly resource: string; readonly group: string }>
> = {
  pods: { verb: 'list', resource: 'pods', group: '' },
  logs: { verb: 'get', resource: 'pods/log', group: '' },
};

/**
 * The arguments with which kubectl shows why a fact was not seen: whether it is allowed where it was refused, else the request
 * itself. Undefined where the places that were looked at are not known, as of a saved snapshot.
 */
export function unseenCommand(needs: readonly string[], { facts, reach }: Snapshot): readonly string[] | undefined {
  if (reach === undefined) return undefined;
  for (const name of needs) {
    const reason = reasonOf((facts as Readonly<Record<string, Observed<unknown> | undefined>>)[name]);
    if (reason === undefined) continue;
    const rows = KINDS.filter(({ fact }) => fact === name);
    const row = rows.find(({ plural }) => reason.includes(`"${plural}"`)) ?? rows[0];
    const { verb, resource, group } =
      READ_WITH[name] ?? (row === undefined ? NOTHING : { verb: 'list', resource: row.plural, group: row.group });
    if (resource === '') continue;
    const type = group === '' ? resource : `${resource}.${group}`;
    const place = row?.namespaced === false ? [] : placeOf(reach.namespaces, reason);
    if (/forbidden|cannot (?:list|get)/i.test(reason)) return ['auth', 'can-i', verb, type, ...place];
    return name === 'logs' ? undefined : [...place, 'get', type];
  }
  return undefined;
}

const NOTHING = { verb: '', resource: '', group: '' };

function reasonOf(observed: Observed<unknown> | undefined): string | undefined {
  if (observed === undefined) return undefined;
  return observed.seen ? observed.incomplete : observed.reason;
}

/** The namespace that the refusal names, or the first one that was looked at. */
function placeOf(namespaces: readonly string[] | 'all', reason: string): readonly string[] {
  if (namespaces === 'all') return ['-A'];
  const named = namespaces.find((namespace) => reason.includes(`"${namespace}"`)) ?? namespaces[0];
  return named === undefined ? [] : ['-n', named];
}
