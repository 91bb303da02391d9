import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { ConfigMap } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import { notApplicable } from '../../verdicts.ts';

/** What the sidecar of Grafana's chart looks for, unless it is told otherwise. */
const LABEL = 'grafana_dashboard';

export const dashboardLoadedCheck = defineCheck({
  id: 'operations/dashboard-loaded',
  title: 'The dashboard of the service is where Grafana loads it from',
  severity: 'note',
  why: 'A dashboard that stands in the repository and was never loaded is missed in the night in which it is needed.',
  how: `Where there is a service, a ConfigMap in the namespaces holds a dashboard of Grafana (JSON with panels) and bears the label ${LABEL}, by which Grafana's sidecar finds it. Where no ConfigMap holds one there is nothing to judge: Grafana can keep dashboards in a database of its own.`,
  fix: `Put the label ${LABEL}: "1" on the ConfigMap that holds the dashboard.`,
  verify: `kubectl get configmap -l ${LABEL}; open the dashboard in Grafana.`,
  references: [
    'https://github.com/grafana/helm-charts/blob/main/charts/grafana/README.md#sidecar-for-dashboards',
    'https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/',
  ],
  only: ['cluster'],
  needs: [...ROLE_FACTS, 'configMaps'],
  evaluate: (facts, settings) => {
    const [service] = playing('service', rolesOf(facts, settings));
    if (service === undefined) return notApplicable('the input', 'No workload takes traffic through a Service.');
    const holding = facts.configMaps.filter(({ object }) => dashboardsOf(object).length > 0);
    if (holding.length > 0) return holding.map(judge);
    return notApplicable(
      service.resource.ref,
      'No ConfigMap beside the service holds a dashboard; what Grafana keeps in a database of its own cannot be seen here.',
    );
  },
});

function judge({ object, ref: subject, locate }: Resource<ConfigMap>): Verdict {
  const label = object.metadata?.labels?.[LABEL];
  const evidence = {
    subject,
    where: locate(['metadata', 'labels', LABEL]),
    observed: `${dashboardsOf(object).join(', ')}; ${label === undefined ? `no label ${LABEL}` : `${LABEL}: ${label}`}`,
    expected: `the label ${LABEL}`,
  };
  return label === undefined
    ? { ...evidence, outcome: 'fail', message: 'The dashboard does not bear the label by which Grafana finds it.' }
    : { ...evidence, outcome: 'pass', message: 'Grafana finds the dashboard.' };
}

function dashboardsOf({ data = {} }: ConfigMap): readonly string[] {
  return Object.entries(data).flatMap(([key, text]) =>
    key.endsWith('.json') && /"panels"\s*:\s*\[/.test(String(text)) ? [key] : [],
  );
}
