import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { TextDocument } from '../../../core/file-facts.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { type Alert, alertsOf } from '../alerts-of.ts';

export const runbookCheck = defineCheck({
  id: 'operations/runbook',
  title: 'Whoever is alerted finds what to do',
  severity: 'note',
  why: 'An alert wakes somebody who did not write the service. A page that says what it means and what to try first is worth more than the dashboard.',
  how: 'A Markdown document of the input is a runbook: its name or a heading of it says so. Each alert of a PrometheusRule links a page in its annotation runbook_url, or has a heading with its name in a runbook.',
  fix: 'Write docs/RUNBOOK.md with one section for each alert, named like the alert, and put its address into runbook_url.',
  verify: 'Open the link of each alert.',
  references: ['https://prometheus.io/docs/practices/alerting/', 'https://sre.google/workbook/on-call/'],
  only: ['files'],
  needs: [...ROLE_FACTS, 'prometheusRules', 'documents'],
  evaluate: (facts, settings) => {
    const runbooks = facts.documents.filter(isRunbook);
    const services = playing('service', rolesOf(facts, settings));
    const alerts = alertsOf(facts.prometheusRules).map((alert) => judge(alert, runbooks));
    if (services.length === 0) return orNotApplicable(alerts, 'There is no service and no alert.');
    return [
      ...services.map(({ resource }) => judgeService(resource.ref, resource.locate([]), runbooks, facts.documents)),
      ...alerts,
    ];
  },
});

function judgeService(
  subject: string,
  where: NonNullable<Verdict['where']>,
  [runbook]: readonly TextDocument[],
  documents: readonly TextDocument[],
): Verdict {
  if (runbook !== undefined)
    return {
      outcome: 'pass',
      subject,
      message: 'There is a runbook.',
      where: { file: runbook.file, line: 1, column: 1 },
      observed: runbook.file,
    };
  if (documents.length === 0)
    return {
      outcome: 'unknown',
      subject,
      message: 'No document was among the input, so whether there is a runbook is not known.',
      where,
    };
  return {
    outcome: 'fail',
    subject,
    message: 'No document is a runbook.',
    where,
    observed: `documents ${documents
      .map(({ file }) => file)
      .slice(0, 5)
      .join(', ')}, none of that name or with that heading`,
    expected: 'a document such as docs/RUNBOOK.md',
  };
}

function judge({ resource, name, runbook, path }: Alert, runbooks: readonly TextDocument[]): Verdict {
  const subject = `${resource.ref} alert ${name}`;
  const where = resource.locate([...path, 'annotations', 'runbook_url']);
  const section = runbooks.find(({ text }) => headingsOf(text).some((heading) => words(heading).includes(words(name))));
  if ((runbook ?? '') !== '' || section !== undefined)
    return {
      outcome: 'pass',
      subject,
      message: 'The alert says what to do.',
      where,
      observed: runbook ?? `a section of ${section?.file}`,
    };
  return {
    outcome: 'fail',
    subject,
    message: 'The alert does not say what to do.',
    where,
    observed: 'no runbook_url, and no section with its name',
    expected: 'a runbook_url, or a section of the runbook',
  };
}

function isRunbook({ file, text }: TextDocument): boolean {
  return (
    /run-?book|playbook/i.test(file.slice(file.lastIndexOf('/') + 1)) ||
    headingsOf(text).some((heading) => /run-?book|playbook/i.test(heading))
  );
}

function headingsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#{1,6}\s+(.*)$/gm)].map(([, heading = '']) => heading);
}

/** `QnaErrorsHigh` and `Qna errors high` are the same. */
function words(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '');
}
