import { isMap, isScalar, parseAllDocuments, visit } from 'yaml';
import { at, type Manifest } from './existing-manifests.ts';
import type { WantedFile } from './plan.ts';

/** What a check that fails in a project of somebody's own can be given, by adding files and without touching one. */
const ADDITIONS: Readonly<Record<string, readonly string[]>> = {
  'disruption/budget': ['k8s/pdb.yaml'],
  'ingress/certificate-source': ['k8s/certificate.yaml', 'k8s/issuer.yaml'],
  'metrics/scraped': ['k8s/monitoring/servicemonitor.yaml'],
  'network/policy': ['k8s/networkpolicy.yaml'],
  'network/egress': ['k8s/networkpolicy.yaml'],
  'operations/alerts': [
    'k8s/monitoring/prometheusrule.yaml',
    'k8s/monitoring/rules.yaml',
    'monitoring/rules.yaml',
    'monitoring/rules.test.yaml',
    'docs/RUNBOOK.md',
  ],
  'operations/runbook': ['docs/RUNBOOK.md'],
};

export const ADOPTABLE = Object.keys(ADDITIONS);

/** A failure that files can mend, or that only a change of what is there can. */
export interface Gap {
  readonly check: string;
  readonly subject: string;
  readonly message: string;
  /** What would be added; empty where a person has to change something. */
  readonly adds: readonly string[];
  readonly fix?: string;
}

/** By which labels the manifests that are there choose their pods. */
export interface FoundLabels {
  readonly service?: Labels;
  /** Set where one StatefulSet could be meant, and no other. */
  readonly database?: Labels;
}

type Labels = Readonly<Record<string, string>>;

export function labelsIn(manifests: readonly Manifest[], name: string): FoundLabels {
  const labelsOf = (kind: string, isMeant: (manifest: Manifest) => boolean) => {
    const [found, ...others] = manifests.filter((manifest) => manifest.kind === kind && isMeant(manifest));
    const labels = at(found, ['spec', 'selector', 'matchLabels']);
    return others.length === 0 && typeof labels === 'object' && labels !== null ? (labels as Labels) : undefined;
  };
  const service = labelsOf('Deployment', ({ metadata }) => metadata?.name === name);
  const database = labelsOf('StatefulSet', () => true);
  return { ...(service === undefined ? {} : { service }), ...(database === undefined ? {} : { database }) };
}

/** The files of the set that a check lacks, for pods with these labels. Without the labels a selector would be a guess. */
export function additionsFor(
  check: string,
  files: readonly WantedFile[],
  name: string,
  labels: FoundLabels,
): readonly WantedFile[] {
  const { service, database } = labels;
  if (service === undefined) return [];
  return files.flatMap((file) => {
    if (ADDITIONS[check]?.includes(file.path) !== true) return [];
    if (!/^k8s\/.*\.yaml$/.test(file.path)) return [file];
    if (file.path !== POLICIES) return [retargeted(file, () => true, { [name]: service })];
    // To refuse everything else would cut off what we know nothing of, so only the policy of the service itself is added.
    return database === undefined
      ? []
      : [retargeted(file, (object) => object === name, { [name]: service, [`${name}-postgres`]: database })];
  });
}

const POLICIES = 'k8s/networkpolicy.yaml';

/** Points the selectors of a new manifest at pods that have labels of their own. */
function retargeted(
  file: WantedFile,
  isWanted: (name: unknown) => boolean,
  targets: Readonly<Record<string, Labels>>,
): WantedFile {
  const documents = [...parseAllDocuments(file.text, { compat: 'yaml-1.1' })].filter((document) =>
    isWanted(document.getIn(['metadata', 'name'])),
  );
  const text = documents
    .map((document, index) => {
      if (index === 0 && document.directives !== undefined) document.directives.docStart = null;
      visit(document, {
        Pair: (_key, pair) => {
          const { key, value } = pair;
          if (!isScalar(key) || key.value !== 'matchLabels' || !isMap(value)) return;
          const labels = targets[String(value.get('app.kubernetes.io/instance'))];
          if (labels !== undefined) pair.value = document.createNode({ ...labels });
        },
      });
      return document.toString({ lineWidth: 0 });
    })
    .join('');
  return { ...file, text };
}
