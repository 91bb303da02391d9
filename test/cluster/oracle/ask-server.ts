import type { TestCluster } from '../use-cluster.ts';
import type { JsonMap } from './json.ts';

/** What the API server says of one object. */
export interface Answer {
  readonly accepted: boolean;
  /** The paths that its causes name; empty where it refuses without naming one. */
  readonly paths: readonly string[];
  /** It could not even read the object, so it looked for nothing else. */
  readonly unreadable: boolean;
  readonly message: string;
}

export type Ask = (object: JsonMap) => Promise<Answer>;

interface Status {
  readonly message?: string;
  readonly reason?: string;
  readonly details?: { readonly causes?: readonly { readonly field?: string; readonly message?: string }[] };
}

interface ApiResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Asks with `dryRun=All&fieldValidation=Strict`: everything is judged, and nothing is kept. */
export function askServer(cluster: TestCluster, namespace: string): Ask {
  const resources = new Map<string, Promise<readonly ApiResource[]>>();
  const resourcesOf = (apiVersion: string) => {
    const known = resources.get(apiVersion);
    if (known !== undefined) return known;
    const asked = cluster
      .request('GET', rootOf(apiVersion))
      .then(({ body }) => (body as { readonly resources: readonly ApiResource[] }).resources);
    resources.set(apiVersion, asked);
    return asked;
  };
  return async (object) => {
    const apiVersion = String(object.apiVersion);
    const found = (await resourcesOf(apiVersion)).find(({ kind, name }) => kind === object.kind && !name.includes('/'));
    if (found === undefined) throw new Error(`The server does not serve ${String(object.kind)} of ${apiVersion}.`);
    const scope = found.namespaced ? `/namespaces/${namespace}` : '';
    const path = `${rootOf(apiVersion)}${scope}/${found.name}?dryRun=All&fieldValidation=Strict`;
    const { status, body } = await cluster.request('POST', path, object);
    return status < 300
      ? { accepted: true, paths: [], unreadable: false, message: '' }
      : refusal(status, body as Status);
  };
}

function rootOf(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function refusal(status: number, { message = '', details }: Status): Answer {
  if (status !== 400 && status !== 422 && status !== 403) throw new Error(`The server answered ${status}: ${message}`);
  // A cause without a place says that the rules of a definition were not asked, since other things are wrong.
  const causes = (details?.causes ?? []).flatMap(({ field = '' }) =>
    field === '' || field === '<nil>' ? [] : [field],
  );
  const unknown = [...message.matchAll(/unknown field "([^"]+)"/g)].map(([, field = '']) => field);
  const undecoded = [...message.matchAll(/Go struct field [A-Za-z]+\.(\S+) of type/g)].map(([, field = '']) => field);
  return {
    accepted: false,
    paths: [...new Set([...causes, ...unknown, ...undecoded])],
    unreadable: status === 400,
    message,
  };
}
