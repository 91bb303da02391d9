import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Location } from '../../../core/location.ts';
import type { ConfigMap } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import { notApplicable } from '../../verdicts.ts';
import { servicesUntold } from '../services-untold.ts';

export const dashboardCheck = defineCheck({
  id: 'operations/dashboard',
  title: 'A dashboard shows how the service fares',
  severity: 'note',
  why: 'Whoever is woken needs to see in one place what changed: requests, errors, latency, the model, the database. A dashboard that is written during the incident comes too late.',
  how: 'Where there is a service, the input holds a dashboard of Grafana: a JSON file, or a JSON entry of a ConfigMap, with panels whose targets have queries. It can be parsed, and at least one query asks for a metric. A dashboard without a query fails.',
  fix: 'Export the dashboard from Grafana as JSON, and keep it in a ConfigMap with the label grafana_dashboard: "1".',
  verify: 'Open the dashboard in Grafana and see that no panel is empty.',
  references: [
    'https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/',
    'https://sre.google/sre-book/monitoring-distributed-systems/',
  ],
  only: ['files'],
  needs: [...ROLE_FACTS, 'configMaps', 'dashboards'],
  evaluate: (facts, settings) => {
    const services = playing('service', rolesOf(facts, settings));
    if (services.length === 0) return notApplicable('the input', 'No workload takes traffic through a Service.');
    const maps = facts.configMaps.filter(({ object }) => dashboardsIn(object).length > 0);
    const found = [
      ...maps.flatMap(({ object, ref, locate }) =>
        dashboardsIn(object).map(([key, text]) => judge(`${ref} key ${key}`, text, locate(['data', key]))),
      ),
      ...facts.dashboards.map(({ file, text }) => judge(file, text, { file, line: 1, column: 1 })),
    ];
    // A file that is no object lies beside all of them.
    const untold =
      facts.dashboards.length > 0
        ? []
        : servicesUntold(services, new Set<Resource>(maps), { configMaps: maps, prometheusRules: [] });
    if (found.length > 0)
      return [
        ...found,
        ...untold.map(
          ({ resource }): Verdict => ({
            outcome: 'unknown',
            subject: resource.ref,
            message: 'The dashboards name other services; whether one shows how this service fares is not known.',
            where: resource.locate([]),
          }),
        ),
      ];
    return services.map(({ resource }) => ({
      outcome: 'fail',
      subject: resource.ref,
      message: 'No dashboard shows how the service fares.',
      where: resource.locate([]),
      observed: 'no dashboard of Grafana',
      expected: 'a dashboard with the metrics of the service',
    }));
  },
});

function dashboardsIn({ data }: ConfigMap): readonly (readonly [key: string, text: string])[] {
  return Object.entries(data ?? {})
    .map(([key, text]) => [key, String(text)] as const)
    .filter(([key, text]) => key.endsWith('.json') && text.includes('"panels"'));
}

function judge(subject: string, text: string, where: Location): Verdict {
  let dashboard: unknown;
  try {
    dashboard = JSON.parse(text);
  } catch {
    return {
      outcome: 'fail',
      subject,
      message: 'The dashboard is no JSON.',
      where,
      observed: 'a text that cannot be parsed',
      expected: 'JSON',
    };
  }
  const queries = queriesOf(dashboard);
  const asking = queries.filter((query) => /[a-zA-Z_:][a-zA-Z0-9_:]*(?:\{|\[|\b)/.test(query));
  return asking.length === 0
    ? {
        outcome: 'fail',
        subject,
        message: 'No panel of the dashboard asks for anything.',
        where,
        observed: 'no query',
        expected: 'panels with queries',
      }
    : {
        outcome: 'pass',
        subject,
        message: 'It shows how the service fares.',
        where,
        observed: `${asking.length} queries`,
      };
}

interface Panel {
  readonly targets?: readonly { readonly expr?: unknown }[];
  /** A row holds panels of its own. */
  readonly panels?: readonly Panel[];
}

function queriesOf(dashboard: unknown): readonly string[] {
  const { panels, targets } = (dashboard ?? {}) as Panel;
  const own = Array.isArray(targets) ? (targets as NonNullable<Panel['targets']>) : [];
  return [
    ...own.flatMap(({ expr }) => (typeof expr === 'string' && expr.trim() !== '' ? [expr] : [])),
    ...(Array.isArray(panels) ? (panels as readonly Panel[]).flatMap(queriesOf) : []),
  ];
}
