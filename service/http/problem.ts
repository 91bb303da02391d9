import type { Response } from 'express';
import { currentRequest } from './request-context.ts';

/** Answers with RFC 9457 problem details: what a client may know, and the id by which the log knows the rest. */
export function sendProblem(response: Response, status: number, title: string, detail?: string): void {
  response
    .status(status)
    .type('application/problem+json')
    .set('Cache-Control', 'no-store')
    .send(
      JSON.stringify({
        type: 'about:blank',
        title,
        status,
        ...(detail === undefined ? {} : { detail }),
        requestId: currentRequest()?.requestId,
      }),
    );
}
