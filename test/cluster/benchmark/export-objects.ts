import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import type { Stage } from '../scenarios/stage.ts';

/** What a person writes into files; pods and the like are made of these. */
const KINDS = [
  ...['configmaps', 'secrets', 'serviceaccounts', 'services', 'persistentvolumeclaims', 'deployments', 'statefulsets'],
  ...['cronjobs', 'jobs', 'ingresses', 'networkpolicies', 'poddisruptionbudgets', 'horizontalpodautoscalers'],
  ...['certificates', 'gateways', 'httproutes'],
];

/** What Kubernetes puts into every namespace. */
const FOUND_EVERYWHERE = new Set(['ConfigMap kube-root-ca.crt', 'ServiceAccount default']);

interface Exported {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly ownerReferences?: unknown };
}

/** Writes the objects of an application as the files that they could have been made from; nothing that a controller made. */
export async function exportObjects({ kubectl, namespace }: Stage, file: string): Promise<void> {
  const place = JSON.parse(await kubectl('get', 'namespace', namespace, '-o', 'json')) as Exported;
  const { items } = JSON.parse(await kubectl('get', KINDS.join(), '-o', 'json')) as {
    readonly items: readonly Exported[];
  };
  const written = items.filter(
    ({ kind, metadata: { name, ownerReferences } }) =>
      ownerReferences === undefined && !FOUND_EVERYWHERE.has(`${kind} ${name}`),
  );
  const documents = [place, ...written].map((object) => stringify(object, { aliasDuplicateObjects: false }));
  writeFileSync(file, documents.join('---\n'), { mode: 0o600 });
}
