import type { Severity } from '../../../core/check.ts';
import type { Path } from '../../../core/location.ts';
import type { Container } from '../../../core/objects.ts';
import { parseQuantity } from '../../../kubernetes/quantity.ts';

interface ResourceFault {
  /** From the container's `resources`. */
  readonly at: Path;
  readonly severity: Severity;
  readonly message: string;
  readonly expected: string;
}

type Field = 'requests' | 'limits';

/** What a container does not say of its needs, and what it says wrongly. */
export function faultsOfResources(container: Container): readonly ResourceFault[] {
  const has = (field: Field, name: string) => container.resources?.[field]?.[name] != null;
  const lacks = (field: Field, name: string, severity: Severity, what: string): readonly ResourceFault[] =>
    has(field, name) || (field === 'requests' && has('limits', name))
      ? []
      : [{ at: [field, name], severity, message: `The container has no ${what}.`, expected: `${field}.${name}` }];
  return [
    ...lacks('requests', 'memory', 'error', 'memory request'),
    ...lacks('limits', 'memory', 'error', 'memory limit'),
    ...lacks('requests', 'cpu', 'warning', 'CPU request'),
    ...lacks('requests', 'ephemeral-storage', 'note', 'request for ephemeral storage'),
    ...(['memory', 'cpu', 'ephemeral-storage'] as const).flatMap((name) => wrongValues(container, name)),
  ];
}

function wrongValues({ resources }: Container, name: string): readonly ResourceFault[] {
  const faults = (['requests', 'limits'] as const).flatMap((field): readonly ResourceFault[] => {
    const written = resources?.[field]?.[name];
    if (written == null || (parseQuantity(written) ?? 0) > 0) return [];
    return [
      {
        at: [field, name],
        severity: 'error',
        message: `${field}.${name} is not a quantity above zero.`,
        expected: 'a quantity such as 250m or 256Mi',
      },
    ];
  });
  if (faults.length > 0) return faults;
  const [request, limit] = [resources?.requests?.[name], resources?.limits?.[name]];
  if (request == null || limit == null || (parseQuantity(request) ?? 0) <= (parseQuantity(limit) ?? 0)) return [];
  return [
    {
      at: ['requests', name],
      severity: 'error',
      message: `The request for ${name} is above its limit, which the API server refuses.`,
      expected: `at most ${limit}`,
    },
  ];
}

/** `requests cpu 250m, memory 256Mi; limits memory 512Mi`. */
export function describeResources({ resources }: Container): string {
  const parts = (['requests', 'limits'] as const).flatMap((field) => {
    const entries = Object.entries(resources?.[field] ?? {});
    return entries.length === 0 ? [] : [`${field} ${entries.map(([name, value]) => `${name} ${value}`).join(', ')}`];
  });
  return parts.length === 0 ? 'no requests and no limits' : parts.join('; ');
}
