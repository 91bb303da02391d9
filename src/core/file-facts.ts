import type { ApiSchemas } from './api-schemas.ts';
import type { Location } from './location.ts';
import type { Resource } from './resource.ts';

/** What files tell beside the Kubernetes objects in them. */
export interface FileFacts {
  readonly dockerfiles: readonly Dockerfile[];
  /** `.env` files and the like, ignored ones included: names only, never a value. */
  readonly envFiles: readonly SensitiveFile[];
  /** Manifests that hold a Secret, ignored ones included: never a value. */
  readonly secretFiles: readonly SensitiveFile[];
  /** Every object as it is written, of whatever kind; a Secret has stand-ins for its values. */
  readonly manifests: readonly Resource[];
  /** What the API server that the objects are meant for holds them to. */
  readonly apiSchemas: ApiSchemas;
  /** Dashboards of Grafana that lie beside the manifests, as JSON. */
  readonly dashboards: readonly TextDocument[];
  /** Markdown documents. */
  readonly documents: readonly TextDocument[];
}

export interface Dockerfile {
  readonly file: string;
  readonly instructions: readonly DockerfileInstruction[];
  /** The lines of the `.dockerignore` that applies, or undefined where there is none. */
  readonly dockerignore: readonly string[] | undefined;
}

export interface DockerfileInstruction {
  /** Upper case, such as `FROM`. */
  readonly keyword: string;
  /** All after the keyword, with continuation lines joined by one space. */
  readonly value: string;
  readonly where: Location;
}

export interface SensitiveFile {
  readonly file: string;
  readonly where: Location;
  /** Names of the entries whose value is neither empty nor a placeholder. */
  readonly filledKeys: readonly string[];
  /** Git has it in its index; undefined where the folder is no repository. */
  readonly tracked: boolean | undefined;
  /** A .gitignore names it. */
  readonly ignored: boolean;
}

export interface TextDocument {
  readonly file: string;
  readonly text: string;
}
