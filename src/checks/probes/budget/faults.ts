import type { Path } from '../../../core/location.ts';
import type { Container, Probe } from '../../../core/objects.ts';
import { budgetSeconds, describeBudget, periodSeconds, timeoutSeconds } from '../probe-budget.ts';

interface BudgetFault {
  /** From the container. */
  readonly at: Path;
  readonly message: string;
  readonly observed: string;
  readonly expected: string;
}

/** What a cold start with a connection to a database and a few migrations can take without anything being wrong. */
const SHORTEST_START_SECONDS = 30;

/** Where the times of a container's probes contradict one another. */
export function faultsOfBudgets(container: Container): readonly BudgetFault[] {
  const probes = (['startupProbe', 'livenessProbe', 'readinessProbe'] as const).flatMap((field) => {
    const probe = container[field];
    return probe == null ? [] : [{ field, probe }];
  });
  return [
    ...probes.flatMap(({ field, probe }) => [...timeoutFault(field, probe), ...hostFault(field, probe)]),
    ...startFault(container),
    ...orderFault(container),
  ];
}

function timeoutFault(field: string, probe: Probe): readonly BudgetFault[] {
  const [timeout, period] = [timeoutSeconds(probe), periodSeconds(probe)];
  if (timeout < period || (timeout === 1 && period === 1)) return [];
  return [
    {
      at: [field, probe.timeoutSeconds === undefined ? 'periodSeconds' : 'timeoutSeconds'],
      message: `The timeout of the ${field} is not below its period.`,
      observed: `timeoutSeconds ${timeout}, periodSeconds ${period}`,
      expected: `timeoutSeconds below ${period}`,
    },
  ];
}

function hostFault(field: string, { httpGet, tcpSocket }: Probe): readonly BudgetFault[] {
  const handler = httpGet != null ? 'httpGet' : 'tcpSocket';
  const host = (httpGet ?? (tcpSocket as { readonly host?: string } | undefined))?.host;
  if (host == null || host === '') return [];
  return [
    {
      at: [field, handler, 'host'],
      message: `The ${field} names a host, so the kubelet asks that host and not the pod.`,
      observed: `host ${host}`,
      expected: 'no host, and a Host header under httpHeaders where the service needs one',
    },
  ];
}

function startFault({ startupProbe, livenessProbe }: Container): readonly BudgetFault[] {
  const probe = startupProbe ?? livenessProbe;
  if (probe == null) return [];
  const budget = (probe.initialDelaySeconds ?? 0) + budgetSeconds(probe);
  if (budget >= SHORTEST_START_SECONDS) return [];
  const field = startupProbe == null ? 'livenessProbe' : 'startupProbe';
  return [
    {
      at: [field],
      message: `A start that takes longer than ${budget} s is ended by the ${field}.`,
      observed: `initialDelaySeconds ${probe.initialDelaySeconds ?? 0} and ${describeBudget(probe)} of failures`,
      expected: `a startupProbe with at least ${SHORTEST_START_SECONDS} s`,
    },
  ];
}

function orderFault({ livenessProbe: live, readinessProbe: ready }: Container): readonly BudgetFault[] {
  if (live == null || ready == null || budgetSeconds(live) > budgetSeconds(ready)) return [];
  return [
    {
      at: ['livenessProbe'],
      message: 'The liveness probe gives up no later than the readiness probe.',
      observed: `liveness after ${describeBudget(live)}, readiness after ${describeBudget(ready)}`,
      expected: `liveness after more than ${budgetSeconds(ready)} s`,
    },
  ];
}
