import type { Path } from '../../core/location.ts';
import type { PrometheusRule } from '../../core/objects.ts';
import type { Resource } from '../../core/resource.ts';

/** One alert of a PrometheusRule, with the way to it. */
export interface Alert {
  readonly resource: Resource<PrometheusRule>;
  readonly name: string;
  readonly runbook: string | undefined;
  readonly path: Path;
}

export function alertsOf(rules: readonly Resource<PrometheusRule>[]): readonly Alert[] {
  return rules.flatMap((resource) =>
    (resource.object.spec?.groups ?? []).flatMap(({ rules: rows }, group) =>
      (rows ?? []).flatMap(({ alert, annotations }, index) =>
        alert == null
          ? []
          : [
              {
                resource,
                name: alert,
                runbook: annotations?.runbook_url ?? annotations?.runbook,
                path: ['spec', 'groups', group, 'rules', index],
              },
            ],
      ),
    ),
  );
}
