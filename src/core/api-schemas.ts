/**
 * One place of an object as the API server's schema describes it: OpenAPI without prose. Other nodes are named by their number in
 * the pack, so that what is the same everywhere (metadata, a container, a selector) stands in it once.
 */
export interface SchemaNode {
  /** Absent where any type will do. `quantity` and `int-or-string` are Kubernetes' own. */
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'int-or-string' | 'quantity';
  readonly properties?: Readonly<Record<string, number>>;
  readonly required?: readonly string[];
  /** What each value of a map is. */
  readonly values?: number;
  readonly items?: number;
  /** Fields that no schema names are kept. */
  readonly open?: true;
  /** What the server fills in where the field is missing; of custom resources only. */
  readonly default?: unknown;
  readonly nullable?: true;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly allOf?: readonly number[];
  readonly anyOf?: readonly number[];
  readonly oneOf?: readonly number[];
  readonly not?: number;
  /** The fields that tell the items of a list apart; empty for a set, whose items tell themselves apart. */
  readonly uniqueBy?: readonly string[];
  /** Rules in the Common Expression Language (`x-kubernetes-validations`). */
  readonly rules?: readonly SchemaRule[];
  /** The metadata of any object, which the server reads by its own schema. */
  readonly isMetadata?: true;
}

export interface SchemaRule {
  readonly rule: string;
  readonly message?: string;
  /** Below the place of the rule: `.spec.x`. */
  readonly fieldPath?: string;
}

/** The schemas of many kinds. */
export interface SchemaPack {
  readonly nodes: readonly SchemaNode[];
  /** By apiVersion, then by kind, the number of the root's node. */
  readonly kinds: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The number of ObjectMeta's node, in the packs of Kubernetes itself. */
  readonly metadata?: number;
}

/** The schema of one kind, with the pack that its numbers belong to. */
export interface KindSchema {
  readonly pack: SchemaPack;
  readonly root: SchemaNode;
  /** Types of Kubernetes itself are decoded by Go, custom resources are held to their schema. */
  readonly custom: boolean;
}

/** Versions of Kubernetes whose schemas this package carries, newest first. */
export const SCHEMA_VERSIONS = ['1.37', '1.36', '1.35'] as const;
export type SchemaVersion = (typeof SCHEMA_VERSIONS)[number];

/** What the API server of one version holds objects to. */
export interface ApiSchemas {
  readonly kubernetes: SchemaVersion;
  /** Undefined where nobody has told of this kind. */
  schemaOf(apiVersion: string, kind: string): KindSchema | undefined;
  /** The versions in which a kind of this group is known, newest first. */
  versionsOf(group: string, kind: string): readonly string[];
  /** The kinds of one apiVersion. */
  kindsOf(apiVersion: string): readonly string[];
  /** A group of Kubernetes itself. */
  isBuiltIn(group: string): boolean;
  /** The schema of every object's metadata. */
  readonly metadata: KindSchema;
  /** Judges a rule in the Common Expression Language; undefined where that cannot be done here. */
  evaluateRule(rule: string, self: unknown): boolean | undefined;
}
