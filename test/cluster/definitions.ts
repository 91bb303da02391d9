import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { moduleFolder } from './node/go-module.ts';
import type { TestCluster } from './use-cluster.ts';

const MODULES = join(import.meta.dirname, 'binaries/definitions/go.mod');

/** Where each project keeps the definitions of what init writes for it, or tells people to write. */
const FILES: Readonly<Record<string, RegExp>> = {
  'github.com/bitnami-labs/sealed-secrets/helm/sealed-secrets/crds': /sealedsecrets/,
  'github.com/cert-manager/cert-manager/deploy/crds': /_(?:certificates|issuers)\./,
  'github.com/cloudnative-pg/cloudnative-pg/config/crd/bases': /_clusters\./,
  'github.com/external-secrets/external-secrets/config/crds/bases': /_externalsecrets\./,
  'github.com/kubernetes-csi/external-snapshotter/client/v8/config/crd': /\.io_volumesnapshot(?:classe)?s\./,
  'github.com/prometheus-operator/prometheus-operator/example/prometheus-operator-crd':
    /_(?:prometheusrules|servicemonitors)\./,
  'sigs.k8s.io/gateway-api/config/crd/standard': /_(?:gateways|httproutes)\./,
};

/**
 * Tells the API server of every custom resource that init can write, with its whole schema and its rules. Gives what takes
 * away again those that were not there before.
 */
export async function installDefinitions(cluster: TestCluster): Promise<() => Promise<void>> {
  const files = definitionFiles(FILES);
  const before = new Set((await cluster.kubectl('get', 'crd', '-o', 'name')).split('\n'));
  // Some are larger than the annotation that an ordinary apply leaves.
  const flags = ['--server-side', '--force-conflicts', '-o', 'name'];
  const applied = await cluster.kubectl('apply', ...flags, ...files.flatMap((file) => ['-f', file]));
  const names = applied.trim().split('\n');
  await cluster.kubectl('wait', '--for=condition=Established', '--timeout=60s', ...names);
  await serve(cluster, names);
  const added = names.filter((name) => !before.has(name));
  return async () => {
    if (added.length > 0) await cluster.kubectl('delete', ...added);
  };
}

/**
 * Waits until the API server answers for the objects of each definition. An established definition has no storage before
 * somebody asks; where the first to ask is the server's own clean-up after a deletion, it is told to come back, and now
 * and then it never does: the definition stays for ever, and whoever waits for its end does too.
 */
async function serve(cluster: TestCluster, names: readonly string[]): Promise<void> {
  const definitions = JSON.parse(await cluster.kubectl('get', ...names, '-o', 'json')) as {
    readonly items: readonly CustomResourceDefinition[];
  };
  const collections = definitions.items.flatMap(({ spec }) =>
    spec.versions.filter(({ served }) => served).map(({ name }) => `/apis/${spec.group}/${name}/${spec.names.plural}`),
  );
  for (const collection of collections) {
    await cluster.until(`${collection} is served`, 'default', async () => {
      const { status } = await cluster.request('GET', `${collection}?limit=1`);
      return status === 200;
    });
  }
}

interface CustomResourceDefinition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}

/** The files of definitions in published modules: by their folder, module first, the names that are wanted. */
export function definitionFiles(wantedIn: Readonly<Record<string, RegExp>>): readonly string[] {
  return Object.entries(wantedIn).flatMap(([place, wanted]) => {
    const parts = place.split('/');
    const depth = parts.findIndex((part, index) => index > 0 && /^(?:config|deploy|example|helm)$/.test(part));
    const folder = join(moduleFolder(MODULES, parts.slice(0, depth).join('/')), ...parts.slice(depth));
    return readdirSync(folder)
      .filter((name) => wanted.test(name))
      .map((name) => join(folder, name));
  });
}
