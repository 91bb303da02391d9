import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import { formatLocation, formatPath, type Location } from '../../../core/location.ts';
import type { Resource } from '../../../core/resource.ts';
import { groupOf } from '../../../kubernetes/kinds.ts';
import { immutableDifference } from '../../../kubernetes/semantics/immutable.ts';
import { orNotApplicable } from '../../verdicts.ts';

export const writtenOnceCheck = defineCheck({
  id: 'schema/written-once',
  title: 'No object is written twice',
  severity: 'warning',
  why: 'Of two manifests of one object the one that is applied last wins, and which one that is depends on the order of the files. Where they differ in a field that cannot be changed, the second apply is refused half way.',
  how: 'Two objects of one folder with the same group, kind, namespace and name are told at the second one; different folders are different environments. A difference in a field that the API server lets nobody change is an error: selectors of workloads, most of a StatefulSet and of a claim, the template of a Job, the role of a binding, the type of a Secret, what is marked immutable. A Secret beside an example of itself is left alone.',
  fix: 'Keep one of them. What differs between environments belongs to an overlay.',
  verify: 'kubectl apply --dry-run=server -f FIRST -f SECOND; kubectl diff -f SECOND',
  references: [
    'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector',
    'https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-immutable',
  ],
  only: ['files'],
  needs: ['manifests'],
  evaluate: ({ manifests }) => {
    const named = manifests.filter(({ object }) => (object.metadata?.name ?? '') !== '');
    const pairs = [...Map.groupBy(named, identityOf).values()].flatMap(([first, ...others]) =>
      first === undefined ? [] : others.map((second) => ({ first, second })),
    );
    const verdicts = pairs.filter((pair) => !isExample(pair.first, pair.second)).map(judge);
    if (verdicts.length > 0) return verdicts;
    return orNotApplicable(
      named.length === 0
        ? []
        : [
            {
              outcome: 'pass',
              subject: 'the input',
              message: 'Each object is written once.',
              observed: `${named.length} objects`,
            },
          ],
      'There is no object with a name.',
    );
  },
});

function judge({ first, second }: { readonly first: Resource; readonly second: Resource }): Verdict {
  const before = formatLocation(first.locate([]));
  const difference = immutableDifference(first.object, second.object);
  const base = { outcome: 'fail' as const, subject: second.ref, expected: 'one manifest for each object' };
  return difference === undefined
    ? {
        ...base,
        message: 'The object is written a second time, and whichever is applied last wins.',
        where: second.locate([]),
        observed: `the first one stands at ${before}`,
      }
    : {
        ...base,
        severity: 'error',
        message: `The object is written a second time, and ${formatPath(difference)} differs, which nobody may change.`,
        where: second.locate(difference),
        observed: `the first one stands at ${before}`,
      };
}

function identityOf({ object, locate }: Resource): string {
  const { namespace = '', name } = object.metadata ?? {};
  return [folderOf(locate([])), groupOf(object.apiVersion), object.kind, namespace, name].join('\n');
}

function folderOf(location: Location): string {
  return 'file' in location ? location.file.slice(0, location.file.lastIndexOf('/') + 1) : '';
}

function isExample(...pair: readonly Resource[]): boolean {
  return pair.some(({ object, locate }) => {
    const where = locate([]);
    return object.kind === 'Secret' && 'file' in where && /example|sample|template|\.dist\b/i.test(where.file);
  });
}
