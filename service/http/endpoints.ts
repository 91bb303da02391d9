import type { Express, RequestHandler } from 'express';
import { sendProblem } from './problem.ts';

type Method = 'get' | 'post' | 'delete';

/** Declares all that one path takes; whatever else comes there is told what would have been taken. */
export function declareEndpoint(
  app: Express,
  path: string,
  handlers: Readonly<Partial<Record<Method, readonly RequestHandler[]>>>,
): void {
  const route = app.route(path);
  const allowed: string[] = [];
  for (const method of ['get', 'post', 'delete'] as const) {
    const chain = handlers[method];
    if (chain === undefined) continue;
    route[method](...chain);
    allowed.push(...(method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]));
  }
  route.all((_request, response) =>
    sendProblem(response, 'method-not-allowed', {
      detail: `Here only ${allowed.join(', ')} can be used.`,
      headers: { Allow: allowed.join(', ') },
    }),
  );
}
