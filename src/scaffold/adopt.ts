import { type Document, isMap, isScalar, parseAllDocuments, visit } from 'yaml';
import type { Answers } from './answers.ts';
import type { FoundLabels, Labels } from './existing-manifests.ts';
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

/**
 * The files of the set that a check lacks, for the pods that are there. Where they cannot be told, or a file would need what is
 * not there, there are none: a selector would be a guess.
 */
export function additionsFor(
  check: string,
  files: readonly WantedFile[],
  { name, port }: Pick<Answers, 'name' | 'port'>,
  { service, database, front }: FoundLabels,
): readonly WantedFile[] {
  if (service === undefined) return [];
  const ofService = { labels: { [name]: service }, port };
  return files.flatMap((file) => {
    if (ADDITIONS[check]?.includes(file.path) !== true) return [];
    if (!/^k8s\/.*\.yaml$/.test(file.path)) return [file];
    if (file.path === MONITOR)
      return front === undefined ? [] : [retargeted(file, { labels: { [name]: front.labels }, port: front.port })];
    if (file.path !== POLICIES) return [retargeted(file, ofService)];
    if (database === undefined) return [];
    return [
      retargeted(
        file,
        { labels: { ...ofService.labels, [`${name}-postgres`]: database }, port },
        // To refuse everything else would cut off what we know nothing of, so only the policy of the service itself is added.
        (document) => document.getIn(['metadata', 'name']) === name,
        allowNeighbours,
      ),
    ];
  });
}

const POLICIES = 'k8s/networkpolicy.yaml';
const MONITOR = 'k8s/monitoring/servicemonitor.yaml';

interface Target {
  /** By the instance that a selector of ours names. */
  readonly labels: Readonly<Record<string, Labels>>;
  /** In place of the port that is called http in manifests of ours. */
  readonly port: string | number;
}

/** Points the selectors and ports of a new manifest at objects that have labels and ports of their own. */
function retargeted(
  file: WantedFile,
  { labels, port }: Target,
  isWanted: (document: Document) => boolean = () => true,
  change: (document: Document) => void = () => {},
): WantedFile {
  const text = ([...parseAllDocuments(file.text, { compat: 'yaml-1.1' })] as readonly Document[])
    .filter(isWanted)
    .map((document, index) => {
      if (index === 0 && document.directives !== undefined) document.directives.docStart = null;
      visit(document, {
        Pair: (_key, pair) => {
          const { key, value } = pair;
          if (!isScalar(key)) return;
          if (key.value === 'port' && isScalar(value) && value.value === 'http') value.value = port;
          if (key.value !== 'matchLabels' || !isMap(value)) return;
          const own = labels[String(value.get('app.kubernetes.io/instance'))];
          if (own !== undefined) pair.value = document.createNode({ ...own });
        },
      });
      change(document);
      return document.toString({ lineWidth: 0 });
    })
    .join('');
  return { ...file, text };
}

/** Who calls whom inside the namespace is not told by manifests, and a policy that guesses wrong is an outage. */
function allowNeighbours(document: Document): void {
  for (const [direction, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    const rule = document.createNode({ [peers]: [{ podSelector: {} }] });
    rule.commentBefore =
      ' Whatever runs in this namespace, until somebody says who calls whom: then name those instead.';
    document.addIn(['spec', direction], rule);
  }
}
