import type { Verdict } from '../core/check.ts';
import type { Reach, Snapshot } from '../core/facts.ts';
import { type Path, parsePath } from '../core/location.ts';
import type { Event, KubernetesObject } from '../core/objects.ts';
import type { Resource } from '../core/resource.ts';
import { kindOf } from './kinds.ts';
import { unseenCommand } from './unseen-command.ts';

/** A verdict of a live cluster, and the check that gave it. */
export type ShownVerdict = Pick<Verdict, 'subject' | 'where'> & {
  readonly check: { readonly id: string; readonly needs: readonly string[] };
};

/**
 * Makes the commands that show with kubectl what verdicts about a cluster point at. Each is one line for a POSIX shell, reads only,
 * and prints nothing of a Secret but its keys, and no setting that a check took for a credential. What is missing is shown by
 * the closest part of its object that is there. Status is asked for with the object: a subresource would need a right of its own.
 */
export function kubectlCommands(snapshot: Snapshot): (verdict: ShownVerdict) => string | undefined {
  if (snapshot.source !== 'cluster') return () => undefined;
  let index: ReadonlyMap<string, Resource> | undefined;
  const written = (words: readonly string[] | undefined) =>
    words === undefined ? undefined : commandLine([...reachWords(snapshot.reach), ...words]);
  // Many checks point at one place, of a hundred thousand.
  const [open, secretive] = [commandsByPlace(), commandsByPlace()];
  return (verdict) => {
    const { subject, where, check } = verdict;
    index ??= indexOf(snapshot);
    if (subject === snapshot.target) return written(unseenCommand(check.needs, snapshot));
    const place = where !== undefined && 'object' in where ? where : undefined;
    const log = place === undefined ? undefined : logWords(place, index);
    if (log !== undefined) return written(log);
    const placed = place === undefined ? undefined : index.get(place.object);
    const resource = placed ?? index.get(firstWords(subject));
    if (resource === undefined) return undefined;
    const path = placed === undefined ? '' : (place?.path ?? '');
    const isSecretive = check.id.startsWith('secrets/credential-in-');
    const kept = (isSecretive ? secretive : open).of(resource);
    const known = kept.get(path);
    if (known !== undefined) return known;
    const words = show(resource.object, parsePath(path) ?? [], isSecretive);
    const command = commandLine([...reachWords(snapshot.reach), ...words]);
    kept.set(path, command);
    return command;
  };
}

/** Commands by the object and the path that they show. */
function commandsByPlace() {
  const all = new Map<Resource, Map<string, string>>();
  return {
    of(resource: Resource): Map<string, string> {
      const known = all.get(resource);
      if (known !== undefined) return known;
      const made = new Map<string, string>();
      all.set(resource, made);
      return made;
    },
  };
}

function indexOf({ facts }: Snapshot): ReadonlyMap<string, Resource> {
  return new Map(
    Object.values(facts).flatMap((fact) =>
      fact?.seen === true && Array.isArray(fact.value)
        ? (fact.value as readonly unknown[]).filter(isResource).map((resource) => [resource.ref, resource] as const)
        : [],
    ),
  );
}

function isResource(value: unknown): value is Resource {
  return typeof value === 'object' && value !== null && 'object' in value && 'ref' in value && 'locate' in value;
}

function reachWords(reach: Reach | undefined): readonly string[] {
  return [
    ...(reach?.kubeconfig === undefined ? [] : ['--kubeconfig', reach.kubeconfig]),
    ...(reach?.context === undefined ? [] : ['--context', reach.context]),
  ];
}

/** For a line of a container's log. */
function logWords(
  place: { readonly object: string; readonly path: string },
  index: ReadonlyMap<string, Resource>,
): readonly string[] | undefined {
  if (!/^line \d+$/.test(place.path)) return undefined;
  const pod = index.get(firstWords(place.object))?.object;
  const container = / container (.+)$/.exec(place.object)?.[1];
  if (pod === undefined || container === undefined) return undefined;
  return [...inNamespace(pod), 'logs', nameOf(pod), '-c', container, `--tail=${TAIL_LINES}`];
}

/** As many as the audit read. */
const TAIL_LINES = 200;

function show(object: KubernetesObject, path: Path, isSecretive: boolean): readonly string[] {
  const words = inNamespace(object);
  const name = nameOf(object);
  const type = typeOf(object);
  if (object.kind === 'Secret') return [...words, 'describe', ...target('secret', name)];
  const about = (object as Event).involvedObject;
  if (object.kind === 'Event' && about?.name !== undefined)
    return [...words, 'get', 'events', '--field-selector', `involvedObject.name=${about.name}`];
  const get = [...words, 'get', ...target(type, name), '-o'];
  if (isSecretive && object.kind === 'ConfigMap')
    return [...get, 'go-template={{range $key, $value := .data}}{{$key}}{{"\\n"}}{{end}}'];
  const shown = closest(object, isSecretive ? besideCredential(path) : path);
  return [...get, shown.length === 0 ? 'yaml' : `jsonpath={${shown.map(jsonPathStep).join('')}}`];
}

/** The name of the variable in place of its value, and of the container in place of a word of its command line. */
function besideCredential(path: Path): Path {
  const variable = path.lastIndexOf('env');
  if (variable !== -1) return [...path.slice(0, variable + 2), 'name'];
  const containers = path.findLastIndex((step) => step === 'containers' || step === 'initContainers');
  return containers === -1 ? [] : [...path.slice(0, containers + 2), 'name'];
}

function inNamespace({ metadata }: KubernetesObject): readonly string[] {
  return metadata?.namespace === undefined ? [] : ['-n', metadata.namespace];
}

function nameOf({ metadata }: KubernetesObject): string {
  return metadata?.name ?? '';
}

/** `deployment`, and for kinds of extensions the name that no other group has: `certificates.cert-manager.io`. */
function typeOf(object: KubernetesObject): string {
  const row = kindOf(object);
  if (row?.builtIn === false) return `${row.plural}.${row.group}`;
  return object.kind.toLowerCase();
}

/** A name that begins like an option is no option behind a slash; roles may be called so. */
function target(type: string, name: string): readonly string[] {
  return name.startsWith('-') ? [`${type}/${name}`] : [type, name];
}

/** The longest beginning of a path that kubectl would print something for. */
function closest(object: KubernetesObject, path: Path): Path {
  let [value, length] = [object as unknown, 0];
  for (const [index, step] of path.entries()) {
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as Readonly<Record<string | number, unknown>>)[step]
        : undefined;
    if (value === undefined || value === null || (typeof step === 'string' && !canBeAsked(step))) break;
    if (value !== '') length = index + 1;
  }
  return path.slice(0, length);
}

/** kubectl takes a backslash for an escape wherever it stands, and a line's end for the end of the path. */
function canBeAsked(key: string): boolean {
  return key !== '' && !/[\\\n\r]/.test(key);
}

/** `.spec`, `[0]`, `.app\.kubernetes\.io/name`: every character that could end a field is escaped. */
function jsonPathStep(step: string | number): string {
  return typeof step === 'number' ? `[${step}]` : `.${step.replace(/[^A-Za-z0-9_/-]/gu, '\\$&')}`;
}

/** `Deployment prod/qna` of `Deployment prod/qna container api`. */
function firstWords(text: string): string {
  const end = text.indexOf(' ', text.indexOf(' ') + 1);
  return end === -1 ? text : text.slice(0, end);
}

/** One line that a POSIX shell reads as kubectl with these arguments. */
export function commandLine(words: readonly string[]): string {
  return ['kubectl', ...words.map(quote)].join(' ');
}

function quote(word: string): string {
  if (/^[A-Za-z0-9_./:=,@%+-]+$/.test(word)) return word;
  const [, option = '', rest = word] = /^([a-z-]+=)(.*)$/s.exec(word) ?? [];
  return `${option}'${rest.replaceAll("'", `'\\''`)}'`;
}
