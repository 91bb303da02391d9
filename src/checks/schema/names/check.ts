import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Path } from '../../../core/location.ts';
import type { Resource } from '../../../core/resource.ts';
import {
  faultOfAnnotationKey,
  faultOfGenerateName,
  faultOfLabelKey,
  faultOfLabelValue,
  faultOfName,
} from '../../../kubernetes/names.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { SERVED_FACTS, servedObjects } from '../served-objects.ts';

export const schemaNamesCheck = defineCheck({
  id: 'schema/names',
  title: 'Names and labels are written as the API server accepts them',
  severity: 'error',
  why: 'An upper-case letter or an underscore in a name is refused, and the object with it, however well it fits a schema: the rules for names are code of the API server.',
  how: 'Each object has a name or a generateName; its name is a DNS subdomain, of a Service, StatefulSet or Namespace a DNS label, of a Job at most 63 characters, of a CronJob at most 52; roles and their bindings may have any name that fits into a path. Keys of labels and annotations are qualified names, values of labels at most 63 letters, digits, hyphens, underscores and dots.',
  fix: 'Write names in lower case with hyphens.',
  verify: 'kubectl apply --dry-run=server -f FILE',
  references: [
    'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/',
    'https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set',
  ],
  only: ['files'],
  needs: SERVED_FACTS,
  evaluate: (facts) =>
    orNotApplicable(
      servedObjects(facts).flatMap(({ resource }) => judge(resource)),
      'There is no object.',
    ),
});

function judge({ object, ref: subject, locate }: Resource): readonly Verdict[] {
  const { name, generateName, labels, annotations } = object.metadata ?? {};
  const faults: readonly { readonly what: string; readonly fault: string | undefined; readonly path: Path }[] = [
    {
      what: 'The name',
      fault: isMissing(name)
        ? isMissing(generateName) && object.kind !== 'LimitRange'
          ? 'it is missing'
          : undefined
        : faultOfName(object.kind, String(name)),
      path: ['metadata', 'name'],
    },
    {
      what: 'The beginning of the name',
      fault:
        isMissing(name) && !isMissing(generateName)
          ? faultOfGenerateName(object.kind, String(generateName))
          : undefined,
      path: ['metadata', 'generateName'],
    },
    ...Object.entries(labels ?? {}).flatMap(([key, value]) => [
      { what: `The label key ${key}`, fault: faultOfLabelKey(key), path: ['metadata', 'labels', key] },
      {
        what: `The value of the label ${key}`,
        fault: typeof value === 'string' ? faultOfLabelValue(value) : undefined,
        path: ['metadata', 'labels', key],
      },
    ]),
    ...Object.keys(annotations ?? {}).map((key) => ({
      what: `The annotation key ${key}`,
      fault: faultOfAnnotationKey(key),
      path: ['metadata', 'annotations', key],
    })),
  ];
  const wrong = faults.flatMap(({ what, fault, path }): readonly Verdict[] =>
    fault === undefined
      ? []
      : [
          {
            outcome: 'fail',
            subject,
            message: `${what} is refused: ${fault}.`,
            where: locate(path),
            observed: path.length === 2 ? String(name ?? generateName ?? 'no name') : `${path[2]}`,
            expected: 'a name that the API server accepts',
          },
        ],
  );
  if (wrong.length > 0) return wrong;
  return [
    {
      outcome: 'pass',
      subject,
      message: 'Name and labels are accepted.',
      where: locate(['metadata']),
      observed: subject,
    },
  ];
}

/** A LimitRange without a name is given one. */
function isMissing(name: string | undefined | null): boolean {
  return name === undefined || name === null || name === '';
}
