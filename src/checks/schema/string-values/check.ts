import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Path } from '../../../core/location.ts';
import type { ConfigMap, ObjectMeta } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { OBJECT_FACTS, objectsOf } from '../../../kubernetes/object-facts.ts';
import { containersOf, workloadsOf } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';

export const stringValuesCheck = defineCheck({
  id: 'schema/string-values',
  title: 'What must be a string is written as one',
  severity: 'error',
  why: 'kubectl reads YAML 1.1, where a bare yes, on, 0777 or 8080 is a boolean or a number. The API server refuses it in an env value, a ConfigMap, a label or an annotation, and the whole object with it.',
  how: 'Every value of env, of the data of a ConfigMap, and of labels and annotations, of objects and of pod templates, is a string as YAML 1.1 reads it. A value that is left out is null, which the API server takes for the empty string.',
  fix: 'Put the value in quotes: \'yes\', "8080".',
  mends: 'Quotes around the value as it is written.',
  verify: 'kubectl apply --dry-run=server -f FILE',
  references: [
    'https://yaml.org/type/bool.html',
    'https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-object',
    'https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set',
  ],
  only: ['files'],
  needs: OBJECT_FACTS,
  evaluate: (facts) => {
    const templates = new Map(workloadsOf(facts).map((workload) => [workload.resource, workload]));
    return orNotApplicable(
      objectsOf(facts).map((resource): Verdict => {
        const workload = templates.get(resource);
        const metadataPath = workload?.specPath.slice(0, -1) ?? [];
        const entries = [
          ...metadataEntries(resource.object.metadata, ['metadata']),
          ...(workload === undefined || metadataPath.length === 0
            ? []
            : metadataEntries(workload.template.metadata, [...metadataPath, 'metadata'])),
          ...(workload === undefined ? [] : containersOf(workload)).flatMap(({ container, path }) =>
            (container.env ?? []).map(
              ({ name, value }, index): Entry => [`env ${name}`, value ?? '', [...path, 'env', index, 'value']],
            ),
          ),
          ...(resource.object.kind === 'ConfigMap' ? mapEntries((resource.object as ConfigMap).data, ['data']) : []),
        ];
        return judge(resource, entries);
      }),
      'There is no object that this knows.',
    );
  },
});

type Entry = readonly [what: string, value: unknown, path: Path];

function metadataEntries(metadata: ObjectMeta | undefined, path: Path): readonly Entry[] {
  return [
    ...mapEntries(metadata?.labels, [...path, 'labels'], 'label '),
    ...mapEntries(metadata?.annotations, [...path, 'annotations'], 'annotation '),
  ];
}

function mapEntries(map: object | undefined | null, path: Path, prefix = ''): readonly Entry[] {
  return Object.entries(map ?? {}).map(([key, value]) => [`${prefix}${key}`, value, [...path, key]]);
}

function judge(resource: Resource, entries: readonly Entry[]): Verdict {
  const { ref: subject, locate } = resource;
  const wrong = entries.filter(([, value]) => value !== null && typeof value !== 'string');
  const [first] = wrong;
  if (first === undefined)
    return {
      outcome: 'pass',
      subject,
      message: 'Every string is written as one.',
      where: locate([]),
      observed: `${entries.length} values`,
    };
  return {
    outcome: 'fail',
    subject,
    message: `${wrong.length === 1 ? 'A value is' : `${wrong.length} values are`} not read as a string, and the API server refuses the object.`,
    where: locate(first[2]),
    observed: wrong.map(([what, value]) => `${what} is the ${typeName(value)} ${JSON.stringify(value)}`).join(', '),
    expected: 'strings, in quotes',
    mend: {
      resource,
      changes: wrong
        .filter(([, value]) => typeof value !== 'object')
        .map(([, , path]) => ({ do: 'quote' as const, path })),
    },
  };
}

function typeName(value: unknown): string {
  return Array.isArray(value) ? 'list' : typeof value;
}
