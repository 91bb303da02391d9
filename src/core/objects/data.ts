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
  /** What a `kubernetes.io/tls` Secret's certificate says of itself; undefined where there is none or it cannot be read. */
  readonly certificate?: CertificateShape;
}

export type SecretValueShape = 'empty' | 'placeholder' | 'filled';

export interface CertificateShape {
  readonly subjectAltNames: readonly string[];
  readonly issuer: string;
  readonly validFrom: string;
  readonly validTo: string;
  /** The private key in the Secret belongs to the certificate; undefined where there is no readable key. */
  readonly keyMatches: boolean | undefined;
}

export interface PersistentVolumeClaim extends KubernetesObject {
  readonly spec?: {
    readonly accessModes?: readonly string[];
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
