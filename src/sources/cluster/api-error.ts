import { reasonOf } from '../../core/errors.ts';

/** A field that the server refuses, as it names it: `spec.selector`. */
export interface RefusedField {
  readonly field: string;
  /** It says that what is there cannot be changed. */
  readonly isImmutable: boolean;
}

/** A refusal by the API server, or the failure to get its answer, in words that fit after a colon. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** The HTTP status; undefined where there was no whole answer. */
  readonly status: number | undefined;
  /** The same request may succeed in a moment. */
  readonly passing: boolean;
  /** How long the server asks to wait before that. */
  readonly retryAfterMs: number | undefined;
  /** The fields that a dry run was refused for; empty for any other request. */
  readonly causes: readonly RefusedField[];

  constructor(
    message: string,
    facts: {
      readonly status?: number;
      readonly passing?: boolean;
      readonly retryAfterMs?: number | undefined;
      readonly causes?: readonly RefusedField[];
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.status = facts.status;
    this.passing = facts.passing ?? false;
    this.retryAfterMs = facts.retryAfterMs;
    this.causes = facts.causes ?? [];
  }
}

/** What the transport says when it fails, and whether it may work in a moment. */
const CAUSES: Readonly<Record<string, { readonly words: string; readonly passing?: boolean }>> = {
  ECONNREFUSED: { words: 'the connection was refused' },
  ECONNRESET: { words: 'the connection was closed by the other side', passing: true },
  EPIPE: { words: 'the connection was closed by the other side', passing: true },
  ERR_STREAM_PREMATURE_CLOSE: { words: 'the answer was cut off', passing: true },
  HPE_INVALID_CONSTANT: { words: 'what answers there does not speak HTTP' },
  ENOTFOUND: { words: 'the host name is unknown' },
  EAI_AGAIN: { words: 'the host name cannot be resolved now', passing: true },
  ETIMEDOUT: { words: 'the connection timed out' },
  EHOSTUNREACH: { words: 'the host is unreachable' },
  ENETUNREACH: { words: 'the network is unreachable' },
  CERT_HAS_EXPIRED: { words: "the server's certificate has expired" },
  CERT_NOT_YET_VALID: { words: "the server's certificate is not valid yet" },
  DEPTH_ZERO_SELF_SIGNED_CERT: { words: "the server's certificate is self-signed and not trusted by the kubeconfig" },
  SELF_SIGNED_CERT_IN_CHAIN: {
    words: "the server's certificate is not signed by the authority in the kubeconfig",
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    words: "the server's certificate is not signed by the authority in the kubeconfig",
  },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: {
    words: "the server's certificate is not signed by the authority in the kubeconfig",
  },
  ERR_TLS_CERT_ALTNAME_INVALID: { words: "the server's certificate is for another name" },
  EPROTO: { words: 'what answers there does not speak TLS' },
};

/** The failure of a request that brought no whole answer. */
export function transportError(cause: unknown): ApiError {
  const known = CAUSES[(cause as NodeJS.ErrnoException).code ?? ''];
  if (known === undefined) return new ApiError(reasonOf(cause), { cause });
  return new ApiError(known.words, { passing: known.passing ?? false, cause });
}
