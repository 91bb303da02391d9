import type { Facts } from '../core/facts.ts';
import { findByName } from './references/by-name.ts';
import { claimsOf } from './references/claims.ts';
import { referencesOf } from './references/settings.ts';
import { servicesBefore } from './service-ports.ts';
import { containersOf, type Workload } from './workload.ts';

/** The names by which a client in the cluster reaches a database: its own, and those of the Services that select it. */
export function namesOf(database: Workload, services: Facts['services']): ReadonlySet<string> {
  const fronts = servicesBefore(database, services);
  return new Set([database.name, ...fronts.map(({ object }) => object.metadata?.name ?? '')]);
}

const HOST_FORMS: readonly RegExp[] = [
  /(?:^|\s)(?:-h\s*|--host[=\s]\s*)["']?([\w.$(){}-]+)/g,
  /@([\w.-]+)(?::\d+)?\//g,
  /\b(?:postgres(?:ql)?|mysql|mariadb):\/\/([\w.-]+)(?::\d+)?(?=[/?\s]|$)/g,
  /\bhost=([\w.-]+)/g,
  /\b(?:statefulset|sts|pod|deployment|deploy|pvc)\/([\w.-]+)/g,
];

/** How a client says which database it means. */
export interface NamedHosts {
  /** Hosts in its commands and variables, each as it is written. */
  readonly hosts: readonly string[];
  /** Takes a variable from a Secret or a ConfigMap, where a host can be hidden from view. */
  readonly takesSettings: boolean;
  readonly claims: readonly string[];
}

export function namedHosts(client: Workload, configMaps: Facts['configMaps']): NamedHosts {
  const containers = containersOf(client).map(({ container }) => container);
  const references = referencesOf(client);
  const borrowed = references
    .filter(({ kind }) => kind === 'ConfigMap')
    .flatMap(({ name, key }) => {
      const data = findByName(configMaps, name, client.resource.object)?.object.data;
      return Object.entries(data ?? {})
        .filter(([entry]) => key === undefined || entry === key)
        .map(([entry, value]) => [entry, String(value ?? '')] as const);
    });
  const variables: readonly (readonly [string, string])[] = [
    ...containers.flatMap(({ env }) => (env ?? []).map(({ name = '', value = '' }) => [name, String(value)] as const)),
    ...borrowed,
  ];
  const text = [
    ...containers.flatMap(({ command, args }) => [(command ?? []).concat(args ?? []).join(' ')]),
    ...variables.map(([, value]) => value),
  ].join('\n');
  const written = HOST_FORMS.flatMap((form) => [...text.matchAll(form)].map((match) => match[1] ?? ''));
  const declared = variables.filter(([name]) => /(?:^|_)(?:PG)?HOST(?:NAME)?$/i.test(name)).map(([, value]) => value);
  return {
    // A host that is a variable's name is told by the variable.
    hosts: [...new Set([...written, ...declared])].filter((host) => host !== '' && !host.startsWith('$')),
    takesSettings: references.some(({ env, path }) => env !== undefined || path.includes('envFrom')),
    claims: claimsOf(client).map(({ claimName }) => claimName ?? ''),
  };
}

/** `postgres-0.postgres.qna.svc` names the Service postgres, and `postgres-0` the StatefulSet. */
export function meansDatabase(host: string, names: ReadonlySet<string>): boolean {
  const [first = '', second = ''] = host.split('.');
  return names.has(first) || names.has(second) || names.has(first.replace(/-\d+$/, ''));
}
