import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Facts } from '../../../core/facts.ts';
import { findByName } from '../../../kubernetes/references/by-name.ts';
import { type Reference, referencesOf } from '../../../kubernetes/references/settings.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import type { Workload } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';

const NEEDS = [...ROLE_FACTS, 'configMaps', 'secrets'] as const;
type Needs = Pick<Facts, (typeof NEEDS)[number]>;

/** What charts and kustomizations call a digest of the settings; a new one makes a new template, and so new pods. */
const DIGEST =
  /(?:^|[./-])(?:checksum|hash|sha\d*|digest|config-?(?:version|hash|checksum)|secret-?(?:version|hash))(?:[./-]|$)/i;
/** Controllers that roll the pods when a ConfigMap or a Secret changes. */
const RELOADERS =
  /^(?:(?:[\w-]+\.)?reloader\.stakater\.com\/|wave\.pusher\.com\/update-on-config-change|configmap-rollout)/;
/** The letters that kustomize writes a digest with. */
const SUFFIX = /-[bcdfghkmt2456789]{10}$/;

export const restartOnChangeCheck = defineCheck({
  id: 'config/restart-on-change',
  title: 'A changed setting reaches the pods that run',
  severity: 'note',
  why: 'Environment variables are read once, when a container starts. A ConfigMap that is changed alone changes nothing, until a pod is replaced weeks later and behaves unlike its neighbours.',
  how: 'Each service that takes variables from a ConfigMap or a Secret is rolled when one of them changes: its template has an annotation with a checksum, an annotation names a controller that does it, or everything it takes has a name that changes with its content: the suffix that kustomize makes, a generator of a kustomization, or immutable: true. What is mounted as a file is not judged, since the kubelet brings it up to date, and neither is a database, which reads its password once.',
  fix: 'Let kustomize generate the ConfigMap, or write a checksum of it into an annotation of the template.',
  verify: "kubectl get deployment NAME -o jsonpath='{.spec.template.metadata.annotations}'",
  references: [
    'https://kubernetes.io/docs/concepts/configuration/configmap/#mounted-configmaps-are-updated-automatically',
    'https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/configmapgenerator/',
    'https://helm.sh/docs/howto/charts_tips_and_tricks/#automatically-roll-deployments',
  ],
  only: ['files'],
  needs: NEEDS,
  evaluate: (facts, settings) =>
    orNotApplicable(
      playing('service', rolesOf(facts, settings)).flatMap((workload) => judge(workload, facts)),
      'No service takes variables from a ConfigMap or a Secret.',
    ),
});

function judge(workload: Workload, facts: Needs): readonly Verdict[] {
  const { resource, template, specPath } = workload;
  const variables = referencesOf(workload).filter(({ path }) => path.includes('env') || path.includes('envFrom'));
  if (variables.length === 0) return [];
  const subject = resource.ref;
  const where = resource.locate([...specPath.slice(0, -1), 'metadata', 'annotations']);
  const pass = (observed: string): readonly Verdict[] => [
    { outcome: 'pass', subject, message: 'A change of its settings rolls its pods.', where, observed },
  ];
  const digest = Object.keys(template.metadata?.annotations ?? {}).find((key) => DIGEST.test(key));
  if (digest !== undefined) return pass(`the annotation ${digest} of the template`);
  const annotations = { ...resource.object.metadata?.annotations, ...template.metadata?.annotations };
  const reloader = Object.entries(annotations).find(([key, value]) => RELOADERS.test(key) && value !== 'false')?.[0];
  if (reloader !== undefined) return pass(`the annotation ${reloader}`);
  const fixed = variables.filter((reference) => !changesItsName(reference, workload, facts));
  const [first] = fixed;
  if (first === undefined) return pass('names that change with what they hold');
  const names = [...new Set(fixed.map(({ kind, name }) => `${kind} ${name}`))];
  return [
    {
      outcome: 'fail',
      subject,
      message: 'A change of its settings reaches no pod that runs.',
      where: resource.locate(first.path),
      observed: `variables from ${names.slice(0, 3).join(', ')}, and no checksum`,
      expected: 'an annotation with a checksum, or a generated name',
    },
  ];
}

function changesItsName({ kind, name }: Reference, { resource }: Workload, { configMaps, secrets }: Needs): boolean {
  if (SUFFIX.test(name)) return true;
  const found = findByName<(typeof configMaps | typeof secrets)[number]>(
    kind === 'ConfigMap' ? configMaps : secrets,
    name,
    resource.object,
  );
  if (found === undefined) return false;
  const where = found.locate([]);
  const isGenerated = 'file' in where && /(?:^|\/)kustomization(?:\.ya?ml)?$/i.test(where.file);
  return isGenerated || ('immutable' in found.object && found.object.immutable === true);
}
