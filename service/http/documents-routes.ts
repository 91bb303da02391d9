import type { RequestHandler } from 'express';
import type { FoundDocument } from '../answering/documents.ts';
import type { DocumentStore } from '../database/documents.ts';
import { Refusal } from './problem.ts';
import { readFields, textOf } from './read-fields.ts';
import { wholeNumber } from './read-query.ts';

export interface DocumentsParts {
  readonly documents: DocumentStore;
  readonly search: (query: string, limit: number) => Promise<readonly FoundDocument[]>;
}

const FIELDS = { title: textOf(200), body: textOf(200_000) };
const MAX_ID = 2_147_483_647;
const MAX_QUERY_LENGTH = 1_000;
const PAGE = { usual: 20, most: 100 };

export function addDocument({ documents }: DocumentsParts): RequestHandler {
  return async (request, response) => {
    const { title, body } = readFields<{ title: string; body: string }>(request.body, FIELDS);
    const added = await documents.add(title.trim(), body);
    response.status(201).location(`/v1/documents/${added.id}`).json(added);
  };
}

/** A page in the order in which they came, or, where something is looked for, those that fit it best. */
export function listDocuments({ documents, search }: DocumentsParts): RequestHandler {
  return async ({ query }, response) => {
    const limit = wholeNumber('limit', query.limit, 1, PAGE.most) ?? PAGE.usual;
    const after = wholeNumber('after', query.after, 0, MAX_ID);
    response.set('Cache-Control', 'no-store');
    if (query.query === undefined) {
      const page = await documents.list(limit + 1, after ?? 0);
      const last = page.length > limit ? page[limit - 1] : undefined;
      response.json({ documents: page.slice(0, limit), next: last?.id ?? null });
      return;
    }
    if (after !== undefined) throw new Refusal('bad-request', { detail: '"query" gives one page, without "after".' });
    const found = await search(searched(query.query), limit);
    response.json({
      documents: found.map(({ id, title, rank, sentences }) => ({
        id,
        title,
        rank,
        sentences: sentences.map(({ text }) => text),
      })),
      next: null,
    });
  };
}

export function getDocument({ documents }: DocumentsParts): RequestHandler {
  return async (request, response) => {
    const found = await documents.find(idOf(request.params.id));
    if (found === undefined) throw notThere();
    response.set('Cache-Control', 'no-store').json(found);
  };
}

export function deleteDocument({ documents }: DocumentsParts): RequestHandler {
  return async (request, response) => {
    if (!(await documents.remove(idOf(request.params.id)))) throw notThere();
    response.status(204).end();
  };
}

function idOf(given: unknown): number {
  const id = /^[1-9]\d{0,9}$/.test(String(given)) ? Number(given) : Number.NaN;
  if (!(id <= MAX_ID)) throw notThere();
  return id;
}

function notThere(): Refusal {
  return new Refusal('not-found', { detail: 'There is no such document.' });
}

function searched(given: unknown): string {
  if (typeof given === 'string' && given.length <= MAX_QUERY_LENGTH && !given.includes('\0')) return given;
  throw new Refusal('bad-request', { detail: `"query" must be one text of at most ${MAX_QUERY_LENGTH} characters.` });
}
