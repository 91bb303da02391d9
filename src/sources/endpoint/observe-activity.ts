import { randomBytes } from 'node:crypto';
import type { Exchange, SentRequest } from '../../core/endpoint-facts.ts';
import type { Client } from '../http/client.ts';
import { RequestFailure } from '../http/request-failure.ts';
import { note } from './note-sent.ts';

/** The caller's own request, by which the service shows that it works. */
export interface Question {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  /** The caller named the path only. */
  readonly guessed?: boolean;
}

const UNMATCHED_PATHS = 3;

/** Asks for paths and a method that no service knows; gives the answers. */
export async function askForUnknown(client: Client, sent: SentRequest[]): Promise<readonly Exchange[]> {
  const answers: Exchange[] = [];
  for (let index = 0; index < UNMATCHED_PATHS; index++) {
    const path = `/qna-ready-${randomBytes(6).toString('hex')}`;
    const exchange = await client.exchange('GET', path);
    note(sent, 'unmatched-path', 'GET', path, exchange);
    answers.push(exchange);
  }
  return answers;
}

/** Sends a method that no service serves; a server that breaks the connection off has refused it too. */
export async function sendOddMethod(client: Client, sent: SentRequest[]): Promise<void> {
  try {
    note(sent, 'odd-method', 'PROPFIND', '/', await client.exchange('PROPFIND', '/'));
  } catch (error) {
    if (!(error instanceof RequestFailure) || error.kind !== 'broken') throw error;
  }
}

/** Asks the question, and then the same with a body that is no JSON; gives the answer to the latter where it was sent. */
export async function ask(client: Client, question: Question, sent: SentRequest[]): Promise<readonly Exchange[]> {
  const { method, path, ...options } = requestOf(question);
  const { headers } = options;
  note(sent, 'question', method, path, await client.exchange(method, path, { ...options, patient: true }));
  if (options.body === undefined || contentTypeOf(question) !== 'application/json') return [];
  const malformed = await client.exchange(method, path, { headers, body: '{"qna-ready' });
  note(sent, 'malformed', method, path, malformed);
  return [malformed];
}

/** The question as it is sent. */
export function requestOf(question: Question): Pick<Question, 'method' | 'path' | 'body'> & {
  readonly headers: Readonly<Record<string, string>>;
} {
  const { method, path, body } = question;
  return {
    method,
    path,
    headers: body === undefined ? {} : { 'content-type': contentTypeOf(question) },
    ...(body === undefined ? {} : { body }),
  };
}

export function contentTypeOf(question: Question | undefined): string {
  return question?.contentType ?? 'application/json';
}
