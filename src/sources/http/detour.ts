import type { Via } from './client.ts';

/** Where connections to a host and a port go instead, as curl's --connect-to has it. What is undefined stands for any, or for the same. */
export interface Detour {
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly toAddress: string | undefined;
  readonly toPort: number | undefined;
}

/** Where a connection goes: the first detour that fits, or the address that it would take anyway. */
export function detourFor(detours: readonly Detour[], host: string, via: Via): Via {
  const detour = detours.find(
    (each) => (each.host ?? host).toLowerCase() === host.toLowerCase() && (each.port ?? via.port) === via.port,
  );
  if (detour === undefined) return via;
  return { address: detour.toAddress ?? via.address, port: detour.toPort ?? via.port };
}
