import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { SchemaPack } from '../src/core/api-schemas.ts';
import { customKinds } from '../src/kubernetes/schema/custom-kinds.ts';
import { createPacker, type Packer } from '../src/kubernetes/schema/pack-open-api.ts';
import { startControlPlane } from '../test/cluster/control-plane.ts';
import { definitionFiles } from '../test/cluster/definitions.ts';
import { KUBERNETES_VERSIONS, type KubernetesVersion } from '../test/cluster/kubernetes-versions.ts';
import { packOf } from '../test/cluster/schema-pack.ts';
import { clusterOf } from '../test/cluster/use-cluster.ts';

/**
 * Makes the schema packs: those of Kubernetes from what each version's own API server serves at `/openapi/v3`, those of custom
 * resources from the definitions in the modules that their projects publish.
 */

const FOLDER = join(import.meta.dirname, '../schemas/kubernetes');
/** What the package may carry; a limit that nobody crosses by accident. */
const MAX_TOTAL_BYTES = 5 * 1024 * 1024;

const DEFINITIONS: Readonly<Record<string, RegExp>> = {
  'github.com/bitnami-labs/sealed-secrets/helm/sealed-secrets/crds': /./,
  'github.com/cert-manager/cert-manager/deploy/crds': /^cert-manager\.io_/,
  'github.com/cloudnative-pg/cloudnative-pg/config/crd/bases':
    /_(?:backups|clusters|databases|poolers|scheduledbackups)\./,
  'github.com/external-secrets/external-secrets/config/crds/bases': /^external-secrets\.io_/,
  'github.com/kubernetes-csi/external-snapshotter/client/v8/config/crd': /^snapshot\./,
  'github.com/prometheus-operator/prometheus-operator/example/prometheus-operator-crd': /./,
  'sigs.k8s.io/gateway-api/config/crd/standard': /^gateway\.networking\.k8s\.io_/,
};

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
let total = 0;
for (const version of KUBERNETES_VERSIONS) await writeKubernetes(version);
writeCustomResources();
console.log(`All packs: ${(total / 1024).toFixed(0)} KiB.`);
if (total > MAX_TOTAL_BYTES) throw new Error(`The packs have ${total} bytes, more than ${MAX_TOTAL_BYTES}.`);

async function writeKubernetes(version: KubernetesVersion): Promise<void> {
  const running = await startControlPlane({ kubernetes: version });
  try {
    write(version, await packOf(clusterOf(running)));
  } finally {
    await running.stop();
  }
}

function writeCustomResources(): void {
  const packers = new Map<string, Packer>();
  for (const file of definitionFiles(DEFINITIONS))
    for (const document of parseAllDocuments(readFileSync(file, 'utf8')))
      for (const { group, apiVersion, kind, schema } of customKinds(document.toJS())) {
        const packer = packers.get(group) ?? createPacker();
        packers.set(group, packer);
        packer.addCustom(apiVersion, kind, schema);
      }
  for (const [group, packer] of packers) write(group, packer.pack());
}

function write(name: string, pack: SchemaPack): void {
  const text = `${JSON.stringify(pack)}\n`;
  writeFileSync(join(FOLDER, `${name}.json`), text);
  total += text.length;
  console.log(`${name}: ${(text.length / 1024).toFixed(0)} KiB.`);
}
