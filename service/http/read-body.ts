import express, { type RequestHandler } from 'express';
import { Refusal } from './problem.ts';

/** Reads a body of JSON, up to a size; a body of another kind is refused before it is read. */
export function readJson(limitBytes: number): readonly RequestHandler[] {
  return [onlyJson, express.json({ limit: limitBytes, type: () => true, strict: false }), onlyObjects];
}

const onlyJson: RequestHandler = (request, _response, next) => {
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length']) > 0;
  const isJson = request.headers['content-type'] === 'application/json' || Boolean(request.is(['json', '+json']));
  if (hasBody && !isJson)
    throw new Refusal('unsupported-media-type', {
      detail: 'Send the body as application/json.',
      headers: { Accept: 'application/json' },
    });
  next();
};

const onlyObjects: RequestHandler = (request, _response, next) => {
  const body: unknown = request.body;
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Refusal('bad-request', { detail: 'The body must be a JSON object.' });
  next();
};
