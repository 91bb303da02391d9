import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  kubeconformBinary,
  kubectlValidateBinary,
  kubeScoreBinary,
  missingToolchain,
} from '../../test/cluster/binaries.ts';
import { moduleFolder } from '../../test/cluster/node/go-module.ts';
import { keepSchemas, type OpenApi } from '../../test/cluster/published-schemas.ts';
import { ROOT } from '../steps.ts';

const KUBERNETES = join(ROOT, 'test/cluster/binaries/kubernetes/go.mod');

/** By name, the command with which another judge reads a folder of manifests. */
export type Peers = Readonly<Record<string, (folder: string) => readonly string[]>>;

/** Other judges, told of the kinds by files, as what is measured is no network; none where they cannot be built. */
export async function preparePeers(folder: string): Promise<Peers> {
  const missing = missingToolchain();
  if (missing !== undefined) {
    console.log(`Measured without kubeconform, kube-score and kubectl-validate: ${missing}.`);
    return {};
  }
  const schemas = { documents: join(folder, 'documents'), kinds: join(folder, 'kinds') };
  const specification = join(moduleFolder(KUBERNETES, 'k8s.io/kubernetes'), 'api/openapi-spec/v3');
  if (!existsSync(specification)) throw new Error(`${specification} is missing from the module of Kubernetes`);
  for (const name of readdirSync(specification)) {
    const path = /^(api__v1|apis__[^_]+__v[^_]+)_openapi\.json$/.exec(name)?.[1]?.replaceAll('__', '/');
    if (path === undefined) continue;
    keepSchemas(path, JSON.parse(readFileSync(join(specification, name), 'utf8')) as OpenApi, schemas);
  }
  const [kubeconform, kubeScore, kubectlValidate] = await Promise.all([
    kubeconformBinary(),
    kubeScoreBinary(),
    kubectlValidateBinary(),
  ]);
  const location = `${schemas.kinds}/{{ .ResourceKind }}{{ .KindSuffix }}.json`;
  return {
    kubeconform: (input) => [kubeconform, '-strict', '-schema-location', location, input],
    'kube-score': (input) => [kubeScore, 'score', '-o', 'ci', ...readdirSync(input).map((name) => join(input, name))],
    'kubectl-validate': (input) => [kubectlValidate, '--local-schemas', schemas.documents, input],
  };
}
