import type { SchemaPack } from '../../src/core/api-schemas.ts';
import { createPacker, type OpenApiSchema } from '../../src/kubernetes/schema/pack-open-api.ts';
import type { TestCluster } from './use-cluster.ts';

interface Index {
  readonly paths: Readonly<Record<string, { readonly serverRelativeURL: string }>>;
}

interface Document {
  readonly components: { readonly schemas: Readonly<Record<string, OpenApiSchema>> };
}

/** The schemas that an API server serves at `/openapi/v3` for the kinds of Kubernetes itself, as the package carries them. */
export async function packOf({ request }: TestCluster): Promise<SchemaPack> {
  const get = async (path: string) => (await request('GET', path)).body;
  const { paths } = (await get('/openapi/v3')) as Index;
  const packer = createPacker();
  for (const path of Object.keys(paths).sort().filter(holdsKinds)) {
    const document = (await get(paths[path]?.serverRelativeURL ?? '')) as Document;
    packer.addDocument(document.components.schemas);
  }
  return packer.pack();
}

/** `api/v1` and `apis/apps/v1`; the others list groups, and what a definition adds is no kind of Kubernetes. */
function holdsKinds(path: string): boolean {
  return /^(?:api\/[^/]+|apis\/(?:[a-z]+|[a-z.]+\.k8s\.io)\/[^/]+)$/.test(path) && !DEFINED.test(path);
}

const DEFINED = /^apis\/(?:snapshot\.storage|gateway\.networking|metrics)\.k8s\.io\//;
