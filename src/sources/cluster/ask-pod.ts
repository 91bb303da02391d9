import type { Exchange } from '../../core/endpoint-facts.ts';
import { reasonOf } from '../../core/errors.ts';
import type { Pod } from '../../core/objects.ts';
import type { Resource } from '../../core/resource.ts';
import { maskSecrets } from '../../core/secret-text.ts';
import type { Api } from './api.ts';
import { ApiError } from './api-error.ts';
import type { Answer } from './transport.ts';

/** What one pod is asked through the API server's proxy. */
export interface PodQuestion {
  readonly pod: Resource<Pod>;
  readonly scheme: 'http' | 'https';
  readonly port: number;
  /** With its query. */
  readonly path: string;
  readonly accept?: string;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** The pod's answer, whatever it is, or why there is none. */
export type PodAnswer =
  | { readonly kind: 'answer'; readonly exchange: Exchange }
  /** The API server would not ask. */
  | { readonly kind: 'refused'; readonly reason: string; readonly status?: number }
  /** The API server did not reach the pod, or the pod said nothing. */
  | { readonly kind: 'unreachable'; readonly reason: string }
  /** It is not there any more. */
  | { readonly kind: 'gone' };

/**
 * Asks a pod as the kubelet would, with the API server in between
 * (https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.36/#-strong-proxy-operations-pod-v1-core-strong-). Redirects are
 * answers, and no credential reaches the pod: the API server takes it off. Never throws for what the server or the pod does.
 */
export async function askPod(api: Api, question: PodQuestion): Promise<PodAnswer> {
  const { pod, scheme, port, path, accept, timeoutMs, maxBytes } = question;
  const { namespace = 'default', name = '' } = pod.object.metadata ?? {};
  const prefix = `/api/v1/namespaces/${namespace}/pods/${scheme === 'https' ? 'https:' : ''}${name}:${port}/proxy`;
  const url = new URL(prefix + path, 'http://api');
  // Whoever writes a probe must not choose what the auditor reads of the API server itself.
  if (!url.pathname.startsWith(`${prefix}/`))
    return { kind: 'refused', reason: `the path ${path} leads out of the pod, and is not asked` };
  try {
    const answer = await api.answer(url.pathname + url.search, {
      timeoutMs,
      maxBytes,
      ...(accept === undefined ? {} : { accept }),
    });
    return refusalIn(answer) ?? { kind: 'answer', exchange: toExchange(question, answer) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { kind: 'unreachable', reason: reasonOf(error) };
  }
}

function toExchange({ pod, scheme, port, path }: PodQuestion, answer: Answer): Exchange {
  const { headers } = answer;
  // All others may be the API server's own.
  const kept = { 'content-type': headers['content-type'], location: headers.location };
  return {
    request: `GET ${scheme}://${pod.ref.replace(/^Pod /, '')}:${port}${path}`,
    status: answer.status,
    headers: Object.fromEntries(
      Object.entries(kept).flatMap(([header, value]) => (value === undefined ? [] : [[header, maskSecrets(value)]])),
    ),
    body: maskSecrets(answer.body),
    truncated: answer.truncated,
    durationMs: answer.durationMs,
  };
}

/** The API server's own word in place of the pod's: a Status, which pods do not write. */
function refusalIn({ status, mediaType, body }: Answer): PodAnswer | undefined {
  if (mediaType !== 'application/json' || status < 400) return undefined;
  const said = parseStatus(body);
  if (said?.kind !== 'Status' || said.apiVersion !== 'v1' || said.status !== 'Failure') return undefined;
  if (status === 404 && said.details?.kind === 'pods') return { kind: 'gone' };
  const reason = (said.message ?? `the API server answered ${status}`).replace(/\.$/, '');
  return reason.startsWith('error trying to reach service')
    ? { kind: 'unreachable', reason }
    : { kind: 'refused', reason, status };
}

interface Status {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly status?: string;
  readonly message?: string;
  readonly details?: { readonly kind?: string };
}

function parseStatus(body: string): Status | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Status) : undefined;
  } catch {
    return undefined;
  }
}
