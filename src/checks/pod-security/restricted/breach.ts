import type { Path } from '../../../core/location.ts';
import type { Change } from '../../../core/mend.ts';
import type { PodSpec, SecurityContext } from '../../../core/objects.ts';

/** A rule of the standard that a pod breaks. */
export interface Breach {
  readonly subject: string;
  /** From the object. */
  readonly at: Path;
  readonly message: string;
  readonly observed: string;
  readonly expected: string;
  /** What mends it without a decision. */
  readonly change?: Change;
}

/** The fields that only this standard asks about, beside those that everybody reads. */
export interface HardenedContext extends SecurityContext {
  readonly appArmorProfile?: { readonly type?: string };
  readonly seLinuxOptions?: { readonly type?: string; readonly user?: string; readonly role?: string };
  readonly sysctls?: readonly { readonly name?: string }[];
  readonly windowsOptions?: { readonly hostProcess?: boolean };
}

/** The standard excuses Windows pods from rules that only Linux has. */
export function isWindows(spec: PodSpec): boolean {
  return (spec as PodSpec & { readonly os?: { readonly name?: string } }).os?.name === 'windows';
}
