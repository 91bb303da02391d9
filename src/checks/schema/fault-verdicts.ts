import type { Verdict } from '../../core/check.ts';
import { formatPath } from '../../core/location.ts';
import type { Resource } from '../../core/resource.ts';
import type { Fault } from '../../kubernetes/fault.ts';

/** One failure for each fault of an object, or one pass. */
export function faultVerdicts(resource: Resource, faults: readonly Fault[], passed: string): readonly Verdict[] {
  const { ref: subject, locate } = resource;
  if (faults.length === 0) return [{ outcome: 'pass', subject, message: passed, where: locate([]), observed: subject }];
  return faults.map(({ path, what, observed, expected, fix, rename }) => ({
    outcome: 'fail',
    subject,
    message: `${formatPath(path)} is refused: ${what}.`,
    where: locate(path),
    observed,
    expected,
    ...(fix === undefined ? {} : { fix }),
    ...(rename === undefined ? {} : { mend: { resource, changes: [{ do: 'rename', path, to: rename }] } }),
  }));
}
