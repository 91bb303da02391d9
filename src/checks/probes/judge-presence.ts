import type { Verdict } from '../../core/check.ts';
import type { Settings } from '../../core/settings.ts';
import type { RoleFacts } from '../../kubernetes/roles.ts';
import { orNotApplicable } from '../verdicts.ts';
import { describeProbe } from './describe-probe.ts';
import { NO_SERVING_CONTAINER, servingContainers } from './serving-containers.ts';

/** What to say of a container that has the probe, and of one that has not. */
interface Wording {
  readonly present: string;
  readonly missing: string;
  /** The request that the probe would make, such as `httpGet /health/ready`. */
  readonly example: string;
}

/** Asks each serving container for one kind of probe of its own. */
export function judgePresence(
  field: 'livenessProbe' | 'readinessProbe' | 'startupProbe',
  facts: RoleFacts,
  settings: Settings,
  { present, missing, example }: Wording,
): readonly Verdict[] {
  return orNotApplicable(
    servingContainers(facts, settings).map(({ container, subject, path, workload }): Verdict => {
      const probe = container[field];
      const where = workload.resource.locate([...path, field]);
      return probe == null
        ? {
            outcome: 'fail',
            subject,
            message: missing,
            where,
            observed: `no ${field}`,
            expected: `a ${field}, such as ${example}`,
          }
        : { outcome: 'pass', subject, message: present, where, observed: describeProbe(probe) };
    }),
    NO_SERVING_CONTAINER,
  );
}
