import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { ConfigMap } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import { notApplicable } from '../../verdicts.ts';
import { alertsOf } from '../alerts-of.ts';
import { servicesUntold } from '../services-untold.ts';

export const alertsCheck = defineCheck({
  id: 'operations/alerts',
  title: 'Rules alert somebody when the service fails its users',
  severity: 'note',
  why: 'Without an alert the users are the monitoring: the first to know is the one who was not answered.',
  how: 'Where there is a service, a PrometheusRule of the input holds at least one rule with an alert, or a ConfigMap holds such rules as a file that Prometheus reads. Recording rules do not count. Of several services, one that no rule tells of while rules name others is unknown.',
  fix: 'Write a PrometheusRule with alerts for errors, latency, the age of the backup, the days of the certificate and the space of the disk.',
  verify: 'kubectl get prometheusrule -o yaml',
  references: [
    'https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/',
    'https://sre.google/workbook/alerting-on-slos/',
  ],
  needs: [...ROLE_FACTS, 'prometheusRules', 'configMaps'],
  evaluate: (facts, settings) => {
    const services = playing('service', rolesOf(facts, settings));
    const alerts = alertsOf(facts.prometheusRules);
    const rules = facts.prometheusRules.filter((rule) => alerts.some(({ resource }) => resource === rule));
    const maps = rules.length > 0 ? [] : facts.configMaps.filter((map) => alertsInFiles(map).length > 0);
    const found = [
      ...rules.map((rule): Verdict => {
        const names = alerts.filter(({ resource }) => resource === rule).map(({ name }) => name);
        return {
          outcome: 'pass',
          subject: rule.ref,
          message: 'Rules alert somebody.',
          where: rule.locate(['spec', 'groups']),
          observed: names.join(', '),
        };
      }),
      ...maps.flatMap((map) => alertsInFiles(map)),
    ];
    if (found.length > 0)
      return [
        ...found,
        ...servicesUntold(services, new Set<Resource>([...rules, ...maps]), facts).map(
          ({ resource }): Verdict => ({
            outcome: 'unknown',
            subject: resource.ref,
            message:
              'Rules alert somebody, and they name other services; whether one is about this service is not known.',
            where: resource.locate([]),
          }),
        ),
      ];
    return services.length === 0
      ? notApplicable('the input', 'No workload takes traffic through a Service.')
      : services.map(({ resource }) => ({
          outcome: 'fail',
          subject: resource.ref,
          message: 'No rule alerts anybody when the service fails.',
          where: resource.locate([]),
          observed:
            facts.prometheusRules.length === 0
              ? 'no PrometheusRule'
              : `${facts.prometheusRules.map(({ ref }) => ref).join(', ')} without an alert`,
          expected: 'a PrometheusRule with alerts',
        }));
  },
});

/** Without the operator, Prometheus reads its rules from a file, which a ConfigMap holds. */
function alertsInFiles({ object, ref: subject, locate }: Resource<ConfigMap>): readonly Verdict[] {
  return Object.entries(object.data ?? {}).flatMap(([key, value]): readonly Verdict[] => {
    const text = String(value ?? '');
    if (!/\.ya?ml$/.test(key) || !/^groups:/m.test(text)) return [];
    const names = [...text.matchAll(/^\s*(?:-\s+)?alert:\s*["']?([\w-]+)/gm)].map((match) => match[1] ?? '');
    if (names.length === 0) return [];
    const where = locate(['data', key]);
    return [{ outcome: 'pass', subject, message: 'Rules alert somebody.', where, observed: names.join(', ') }];
  });
}
