import type { OpenApiSchema } from './pack-open-api.ts';

/** One version of a custom resource, as its definition serves it. */
export interface CustomKind {
  readonly group: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly schema: OpenApiSchema;
}

/** The versions that a CustomResourceDefinition serves; none where the value is something else. */
export function customKinds(value: unknown): readonly CustomKind[] {
  const definition = value as Definition | null;
  if (definition?.kind !== 'CustomResourceDefinition') return [];
  const { group, names, versions } = definition.spec ?? {};
  const kind = names?.kind;
  if (group === undefined || kind === undefined) return [];
  return (versions ?? []).flatMap(({ name, served, schema }) => {
    const root = schema?.openAPIV3Schema;
    return served === false || name === undefined || root === undefined
      ? []
      : [{ group, apiVersion: `${group}/${name}`, kind, schema: root }];
  });
}

interface Definition {
  readonly kind?: string;
  readonly spec?: {
    readonly group?: string;
    readonly names?: { readonly kind?: string };
    readonly versions?: readonly {
      readonly name?: string;
      readonly served?: boolean;
      readonly schema?: { readonly openAPIV3Schema?: OpenApiSchema };
    }[];
  };
}
