import type { ApiError, RefusedField } from './api-error.ts';
import type { RefusedAnswer } from './transport.ts';

/** Why the server would not do what it was asked, in words that fit after a colon. */
export interface Refusal {
  readonly said: string;
  readonly causes?: readonly RefusedField[];
}

/** The parts of a `Status` that say why (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/). */
interface Status {
  readonly reason?: unknown;
  readonly message?: unknown;
  readonly details?: {
    readonly causes?: readonly { readonly field?: unknown; readonly message?: unknown }[] | null;
  };
}

/**
 * The server's messages about an object quote what stands in it (`Invalid value: "…"`), and admission can say anything: of them only
 * the names of fields are kept. That one may not patch at all says nothing of the object, and is told in the server's words.
 */
export function dryRunRefusal({ status, body }: Pick<RefusedAnswer, 'status' | 'body'>): Refusal {
  const said = parse(body);
  const message = typeof said.message === 'string' ? said.message : '';
  const causes = (said.details?.causes ?? []).flatMap(({ field, message: why }): readonly RefusedField[] =>
    typeof field === 'string' && FIELD.test(field)
      ? [{ field, isImmutable: /immutable|updates to .+ are forbidden|may not be changed/i.test(String(why)) }]
      : [],
  );
  const forbidden = NO_RIGHT.exec(message)?.[0];
  if (forbidden !== undefined) return { said: forbidden };
  if (message.includes('does not support dry run')) return { said: NO_DRY_RUN };
  const unknownFields = [...message.matchAll(/unknown field "([\w.[\]-]+)"/g)].map(([, field = '']) => field);
  const fields = [...new Set([...causes.map(({ field }) => field), ...unknownFields])];
  const reason = REASONS.has(String(said.reason)) ? `${status} ${String(said.reason)}` : `${status}`;
  return {
    said: `the server refuses the dry run (${reason}${fields.length === 0 ? '' : ` for ${fields.join(', ')}`})`,
    causes,
  };
}

/** What the API machinery itself gives as a reason; a webhook can give any text (k8s.io/apimachinery/pkg/apis/meta/v1, StatusReason). */
const REASONS: ReadonlySet<string> = new Set([
  'BadRequest',
  'Conflict',
  'Forbidden',
  'InternalError',
  'Invalid',
  'MethodNotAllowed',
  'NotFound',
  'ServerTimeout',
  'ServiceUnavailable',
  'Timeout',
  'TooManyRequests',
  'Unauthorized',
  'UnsupportedMediaType',
]);
/** A path of fields, and no more. */
const FIELD = /^[A-Za-z][\w.[\]/-]{0,200}$/;
/** Names of the user, the verb, the kind and the namespace. */
const NO_RIGHT =
  /User "[^"]*" cannot patch resource "[^"]*" in API group "[^"]*"(?: in the namespace "[^"]*"| at the cluster scope)?/;

function parse(body: string): Status {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Status) : {};
  } catch {
    return {};
  }
}

/** What admission answers whose own side effects no dry run can hold back. */
const NO_DRY_RUN = 'an admission webhook that it passes takes part in no dry run';

/** The server would not try, whatever stands in the object: nobody may patch it, or nothing takes part in dry runs. */
export function saysNothingOfObject({ message, status }: ApiError): boolean {
  return status === 405 || status === 415 || message === NO_DRY_RUN || lacksTheRight(message);
}

/** The user may not patch objects of this kind. */
export function lacksTheRight(reason: string): boolean {
  return NO_RIGHT.test(reason);
}
