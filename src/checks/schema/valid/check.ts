import type { ApiSchemas } from '../../../core/api-schemas.ts';
import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import { formatPath } from '../../../core/location.ts';
import { nearest } from '../../../core/nearest.ts';
import type { Resource } from '../../../core/resource.ts';
import { groupOf } from '../../../kubernetes/kinds.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { faultVerdicts } from '../fault-verdicts.ts';
import { SERVED_FACTS, type ServedObject, servedObjects } from '../served-objects.ts';
import { isToldByStringValues } from '../string-values/places.ts';

export const schemaValidCheck = defineCheck({
  id: 'schema/valid',
  title: 'Each object has the fields and types that the API server knows',
  severity: 'error',
  why: 'A field with a typing error is refused, or worse: without strict validation it is dropped without a word, and the probe or the limit that it meant is not there.',
  how: 'Each object is held to the schema that the API server of the chosen version serves at /openapi/v3, or to the schema of its CustomResourceDefinition, from the input, from --crds or from those that are shipped (cert-manager, Gateway API, Prometheus Operator, CloudNativePG, External Secrets, Sealed Secrets, volume snapshots): fields that do not exist, types, fields that must be there, values that are allowed. A kind that nobody has defined is unknown.',
  fix: 'Write the field that is suggested, and values of the type that is expected.',
  mends:
    'The name of a field that does not exist, where one of nearly the same name does and is not written beside it.',
  verify: 'kubectl apply --dry-run=server --validate=strict -f FILE; kubectl explain KIND.FIELD',
  references: [
    'https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation',
    'https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema',
  ],
  only: ['files'],
  needs: SERVED_FACTS,
  evaluate: (facts) =>
    orNotApplicable(
      servedObjects(facts).flatMap((served) =>
        served.schema === undefined ? [judgeUnserved(served.resource, facts.apiSchemas)] : judgeServed(served),
      ),
      'There is no object.',
    ),
});

function judgeServed({ resource, faults, unjudged }: ServedObject): readonly Verdict[] {
  const own = faults.filter(({ path }) => !isToldByStringValues(resource.object, path));
  if (own.length > 0 || unjudged.length === 0) return faultVerdicts(resource, own, 'Fields and types are right.');
  return unjudged.map(({ path, rule }) => ({
    outcome: 'unknown',
    subject: resource.ref,
    message: `A rule of ${formatPath(path) || 'the object'} cannot be evaluated here, so it was not judged.`,
    where: resource.locate(path),
    observed: rule,
    expected: 'a rule without functions of its own',
    fix: 'Ask an API server that has the definition: kubectl apply --dry-run=server -f FILE.',
  }));
}

/** An object whose kind has no schema: a typing error where the group is known, else something to be told of. */
function judgeUnserved({ object, ref: subject, locate }: Resource, schemas: ApiSchemas): Verdict {
  const { kind } = object;
  const apiVersion = object.apiVersion ?? '';
  const versions = schemas.versionsOf(groupOf(apiVersion), kind);
  const [field, observed, expected] =
    versions.length > 0
      ? (['apiVersion', apiVersion, versions.join(', ')] as const)
      : (['kind', kind, nearest(kind, schemas.kindsOf(apiVersion)) ?? 'a kind of this apiVersion'] as const);
  const where = locate([field]);
  const isMissing = !schemas.isBuiltIn(groupOf(apiVersion)) && versions.length === 0;
  // A group of Kubernetes can have versions that are served only where somebody has switched them on.
  if (isMissing || /(?:alpha|beta)\d+$/.test(apiVersion))
    return {
      outcome: 'unknown',
      subject,
      message: `No schema of ${kind} in ${apiVersion} is known, so its fields were not judged; --crds takes its definition.`,
      where,
      observed: `${apiVersion} ${kind}`,
      expected: 'a kind whose definition is known',
      fix: 'Give the file or folder of its CustomResourceDefinition with --crds.',
    };
  return {
    outcome: 'fail',
    subject,
    message: `Kubernetes ${schemas.kubernetes} does not serve ${kind} in ${apiVersion}.`,
    where,
    observed,
    expected,
    fix: `Write ${field}: ${expected}.`,
  };
}
