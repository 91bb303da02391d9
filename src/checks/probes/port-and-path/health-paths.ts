/** Paths by which services are known to answer for the process alone, without their dependencies. */
const LIVE = /^\/(?:[\w-]+\/)*(?:live|livez|liveness|alive|ping|healthy|-\/healthy)$/;
/** Paths by which services are known to answer whether they can take traffic. */
const READY = /^\/(?:[\w-]+\/)*(?:ready|readyz|readiness|-\/ready)$/;
/** Paths that serve for both. */
const EITHER =
  /^\/(?:[\w-]+\/)*(?:health|healthz|healthcheck|health-check|_health|up|status|started|startup|startupz|startz)$/;

/** What a probe of this path learns. */
export function purposeOf(
  path: string,
  declared: { readonly live: string; readonly ready: string },
): 'live' | 'ready' | 'either' | undefined {
  const bare = path.split('?')[0] ?? '';
  const trimmed = bare.length > 1 ? bare.replace(/\/+$/, '') : bare;
  if (declared.live === declared.ready && trimmed === declared.live) return 'either';
  if (trimmed === declared.live) return 'live';
  if (trimmed === declared.ready) return 'ready';
  if (LIVE.test(trimmed)) return 'live';
  if (READY.test(trimmed)) return 'ready';
  return EITHER.test(trimmed) ? 'either' : undefined;
}
