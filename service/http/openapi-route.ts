import type { RequestHandler } from 'express';
import { openApiDocument } from './openapi.ts';

/** Serves the description of the API; it is written once, since nothing in it changes while the process runs. */
export function openApiRoute(secured: boolean): RequestHandler {
  const text = JSON.stringify(openApiDocument({ secured }));
  return (_request, response) => {
    response.set('Cache-Control', 'no-cache').type('application/json').send(text);
  };
}
