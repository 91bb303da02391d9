import { hash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { Refusal } from './problem.ts';

/**
 * Lets those through who bear one of the tokens. Digests of one length are compared, all of them every time, so that the time
 * it takes tells nothing of any token.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750
 */
export function authenticate(tokens: readonly string[]): RequestHandler {
  const digest = (text: string) => hash('sha256', text, 'buffer');
  const known = tokens.map(digest);
  return (request, _response, next) => {
    const [, token] = /^Bearer +([\w.~+/-]+=*) *$/i.exec(request.headers.authorization ?? '') ?? [];
    if (token === undefined) throw refusal('Send "Authorization: Bearer" with a token of this service.', '');
    const given = digest(token);
    const matches = known.filter((one) => timingSafeEqual(one, given)).length;
    if (matches === 0) throw refusal('The token is not one of this service.', ', error="invalid_token"');
    next();
  };
}

function refusal(detail: string, parameters: string): Refusal {
  return new Refusal('unauthorized', { detail, headers: { 'WWW-Authenticate': `Bearer realm="qna"${parameters}` } });
}
