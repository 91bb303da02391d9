import type { Severity, Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { FieldDrift, ObjectDrift } from '../../../core/drift.ts';
import { formatLocation } from '../../../core/location.ts';
import { orNotApplicable } from '../../verdicts.ts';

export const asDeclaredCheck = defineCheck({
  id: 'drift/as-declared',
  title: 'What runs is what the files say',
  severity: 'warning',
  why: 'What was changed by hand in the cluster stands in no review and in no history, and the next apply takes it back, often in the middle of the incident that it was made for. What the files say and the cluster never got is a fix that everybody believes in.',
  how: 'Only with --against. Each object that the files declare exists, and each field that they set is what a server-side apply would leave as it is. The server is asked for a dry run, which keeps nothing; a Secret, and whatever the user may not patch, is compared field by field instead. Fields that only the cluster has count where the annotation or the managedFields of the object say that they were applied earlier, or written by hand. What the server, controllers and autoscalers set is none of it. Values of Secrets are compared by a keyed hash, and placeholders in files say nothing of the live value. Objects that no file declares are not judged: other teams, operators and controllers have theirs in the same namespace, and nothing in the cluster tells them from what was forgotten.',
  fix: 'Decide which of the two is right. Apply the files (kubectl diff -f shows what that changes), or write into them what the cluster has.',
  verify: 'kubectl diff -f FILE; kubectl get KIND NAME -o yaml --show-managed-fields',
  references: [
    'https://kubernetes.io/docs/reference/using-api/server-side-apply/',
    'https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run',
    'https://kubernetes.io/docs/concepts/overview/working-with-objects/object-management/',
  ],
  only: ['cluster'],
  needs: ['drift'],
  evaluate: ({ drift }) => orNotApplicable(drift.flatMap(judge), 'The files declare no object.'),
});

function judge(object: ObjectDrift): readonly Verdict[] {
  const { ref: subject, declaredAt, live, reason, isPassing, differences } = object;
  const place = formatLocation(declaredAt);
  if (live === 'unknown')
    return [
      {
        outcome: 'unknown',
        subject,
        message: `Whether it is what ${place} declares cannot be said: ${reason}.`,
        where: declaredAt,
      },
    ];
  if (live === 'missing')
    return [
      {
        outcome: 'fail',
        subject,
        message: isPassing
          ? 'The files declare it, and the cluster does not have it; it goes by itself when its work is done.'
          : 'The files declare it, and the cluster does not have it.',
        where: declaredAt,
        observed: reason ?? 'there is none',
        expected: `what ${place} declares`,
        fix: 'Apply the file, or take the object out of it.',
        ...(isPassing ? { severity: 'note' as const } : {}),
      },
    ];
  if (differences.length === 0)
    return [
      {
        outcome: 'pass',
        subject,
        message: `It is what ${place} declares (${wayOf(object)}).`,
        where: { object: subject, path: '' },
      },
    ];
  return differences.map((difference) => toVerdict(difference, object));
}

function toVerdict(difference: FieldDrift, object: ObjectDrift): Verdict {
  const { path, live, declared, declaredAt } = difference;
  const severity = severityOf(difference);
  return {
    outcome: 'fail',
    subject: `${object.ref} ${path}`,
    message: `${SENTENCES[difference.kind](formatLocation(declaredAt))} (${wayOf(object)}).`,
    where: { object: object.ref, path },
    observed: live,
    expected: declared,
    ...(severity === undefined ? {} : { severity }),
  };
}

const SENTENCES: Readonly<Record<FieldDrift['kind'], (place: string) => string>> = {
  changed: (place) => `The cluster has another value than ${place} declares`,
  absent: (place) => `The cluster lacks what ${place} declares`,
  extra: (place) => `Only the cluster has it, and somebody put it there; the object is declared at ${place}`,
  refused: (place) => `The server says that it cannot be made what ${place} declares`,
};

/** A mark that somebody left on an object changes nothing that runs; that pods were restarted by hand is worth knowing and no more. */
function severityOf({ kind, path }: FieldDrift): Severity | undefined {
  return kind === 'extra' && /(?:^|\.)annotations(?:$|[.[])/.test(path) ? 'note' : undefined;
}

function wayOf({ comparedBy, reason }: ObjectDrift): string {
  if (comparedBy === 'dry-run') return 'compared by a dry run of the server';
  return `compared field by field, since ${reason ?? 'the server was not asked'}`;
}
