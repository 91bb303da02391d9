/** Every endpoint that is measured, so that each series exists, at zero, before its first request. */
export const MEASURED_ROUTES: readonly MeasuredRoute[] = [
  { method: 'GET', route: '/openapi.json', status: 200 },
  { method: 'POST', route: '/v1/ask', status: 200 },
  { method: 'GET', route: '/v1/answers/:id', status: 200 },
  { method: 'GET', route: '/v1/conversations/:id', status: 200 },
  { method: 'DELETE', route: '/v1/conversations/:id', status: 204 },
  { method: 'GET', route: '/v1/documents', status: 200 },
  { method: 'POST', route: '/v1/documents', status: 201 },
  { method: 'GET', route: '/v1/documents/:id', status: 200 },
  { method: 'DELETE', route: '/v1/documents/:id', status: 204 },
];

export interface MeasuredRoute {
  readonly method: string;
  /** The template as the application declares it, and never a path. */
  readonly route: string;
  /** What it answers when all is well. */
  readonly status: number;
}

/** What a request is counted as: an endpoint of the service, or none of them. */
export type Endpoint = Pick<MeasuredRoute, 'method' | 'route'>;

/** Clients choose paths and methods, so neither may become a series of its own where no endpoint took the request. */
export const UNMATCHED: Endpoint = { method: '_OTHER', route: 'unmatched' };

const PATTERNS = MEASURED_ROUTES.map(({ method, route }) => ({
  endpoint: { method, route },
  pattern: new RegExp(`^${route.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[A-Za-z_]+/g, '[^/]+')}/?$`, 'i'),
}));

/**
 * Tells the endpoint of a request by its path, which is known even where the request was refused before any route took it. A
 * HEAD is a GET without a body.
 */
export function endpointOf(method: string, url: string): Endpoint {
  const wanted = method === 'HEAD' ? 'GET' : method;
  const end = url.search(/[?#]/);
  const path = end === -1 ? url : url.slice(0, end);
  return (
    PATTERNS.find(({ endpoint, pattern }) => endpoint.method === wanted && pattern.test(path))?.endpoint ?? UNMATCHED
  );
}
