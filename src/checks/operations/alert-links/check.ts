import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { type Alert, alertsOf } from '../alerts-of.ts';

export const alertLinksCheck = defineCheck({
  id: 'operations/alert-links',
  title: 'Each alert that is loaded links what to do',
  severity: 'note',
  why: 'Whoever is woken sees the alert and not the repository. The link to the page that says what it means has to come with it.',
  how: 'Each alert of each PrometheusRule in the namespaces has an annotation runbook_url (or runbook) with an http or https address. Whether the page is there and helps, a person has to see.',
  fix: "Add the annotation runbook_url to the alert, with the address of the runbook's section.",
  verify: `kubectl get prometheusrule -o jsonpath='{range .items[*].spec.groups[*].rules[*]}{.alert}{"\\t"}{.annotations.runbook_url}{"\\n"}{end}'`,
  references: ['https://prometheus.io/docs/practices/alerting/', 'https://sre.google/workbook/on-call/'],
  only: ['cluster'],
  needs: ['prometheusRules'],
  evaluate: ({ prometheusRules }) =>
    orNotApplicable(alertsOf(prometheusRules).map(judge), 'No PrometheusRule in the namespaces has an alert.'),
});

function judge({ resource, name, runbook = '', path }: Alert): Verdict {
  const subject = `${resource.ref} alert ${name}`;
  const where = resource.locate([...path, 'annotations', 'runbook_url']);
  const expected = 'a runbook_url such as https://wiki.example.com/runbooks/qna#errors';
  if (/^https?:\/\/\S+$/.test(runbook))
    return { outcome: 'pass', subject, message: 'The alert links what to do.', where, observed: runbook, expected };
  return {
    outcome: 'fail',
    subject,
    message: runbook === '' ? 'The alert links no page that says what to do.' : 'The link of the alert is no address.',
    where,
    observed: runbook === '' ? 'no runbook_url' : runbook,
    expected,
  };
}
