import type { KubernetesObject, ObjectMeta } from './common.ts';

export interface ConfigMap extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

/**
 * What is kept of a Secret: its shape, never a value. `data` tells for each key whether its value is empty, a
 * placeholder or filled; the source replaces the values before anything else can see them.
 */
export interface Secret extends KubernetesObject {
  readonly type?: string;
  readonly data?: Readonly<Record<string, SecretValueShape>>;
  /** For each key a keyed hash of its value, where the source was given a key: equal values have equal hashes, within one key. */
  readonly hashes?: Readonly<Record<string, string>>;
  /** When the tokens among its values expire, of those that say so. */
  readonly tokens?: readonly TokenShape[];
  /** What a `kubernetes.io/tls` Secret's certificate says of itself; undefined where there is none or it cannot be read. */
  readonly certificate?: CertificateShape;
}

/** A token in a Secret: where it lies, and when it ends. */
export interface TokenShape {
  readonly key: string;
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
}

export type SecretValueShape = 'empty' | 'placeholder' | 'filled';

/** The first certificate of `tls.crt`, and what follows it. What is optional was not kept by older snapshots. */
export interface CertificateShape {
  readonly subjectAltNames: readonly string[];
  readonly issuer: string;
  readonly validFrom: string;
  readonly validTo: string;
  /** The private key in the Secret belongs to the certificate; undefined where there is no readable key. */
  readonly keyMatches: boolean | undefined;
  /** Its basic constraints say that it may sign others. */
  readonly isAuthority?: boolean;
  /** Its extended key usage, as object identifiers; absent where it has none, which allows every use. */
  readonly extendedUsage?: readonly string[];
  readonly key?: KeyShape;
  /** How it was signed: the object identifier. */
  readonly signature?: string;
  /** Signed by its own key: no client trusts it that was not told to. */
  readonly selfSigned?: boolean;
  /** The certificates that follow it in `tls.crt`, in their order. */
  readonly chain?: readonly ChainLink[];
  /** `ca.crt` signed the last of them (or the first, where none follows); absent where there is no `ca.crt` that can be read. */
  readonly signedByAuthority?: boolean;
}

export interface KeyShape {
  /** `rsa`, `ec`, `ed25519`. */
  readonly type: string;
  /** Of an RSA key. */
  readonly bits?: number;
}

/** A certificate that follows another in `tls.crt`. */
export interface ChainLink {
  readonly subject: string;
  /** It signed the certificate before it. */
  readonly signedPrevious: boolean;
  readonly validTo: string;
  readonly key?: KeyShape;
  readonly signature?: string;
  readonly selfSigned: boolean;
}

export interface PersistentVolumeClaim extends KubernetesObject {
  readonly spec?: {
    readonly accessModes?: readonly string[];
    readonly volumeMode?: string;
    readonly storageClassName?: string;
    readonly resources?: { readonly requests?: Readonly<Record<string, string | number>> };
    readonly volumeName?: string;
  };
  readonly status?: { readonly phase?: string; readonly capacity?: Readonly<Record<string, string>> };
}

export interface PersistentVolume extends KubernetesObject {
  readonly spec?: {
    readonly persistentVolumeReclaimPolicy?: string;
    readonly claimRef?: { readonly namespace?: string; readonly name?: string };
  };
}

/** ExternalSecret and SealedSecret: operators that write a Secret. */
export interface SecretRecipe extends KubernetesObject {
  readonly spec?: {
    readonly target?: { readonly name?: string };
    readonly data?: readonly { readonly secretKey?: string }[];
    readonly dataFrom?: readonly object[];
    readonly encryptedData?: Readonly<Record<string, string>>;
    readonly template?: { readonly metadata?: ObjectMeta };
  };
}
