/** The parts of an image reference, after the grammar of github.com/distribution/reference. */
export interface ImageReference {
  /** `registry.example:5000`; undefined where the runtime's default registry is meant. */
  readonly registry: string | undefined;
  /** `team/qna`. */
  readonly repository: string;
  readonly tag: string | undefined;
  /** `sha256:…`. */
  readonly digest: string | undefined;
}

/** Parses a reference; undefined where it is none. The first part is a registry only if it looks like a host. */
export function parseImageReference(reference: string): ImageReference | undefined {
  const match =
    /^(?<name>[^@]+?)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>[a-z0-9+._-]+:[0-9a-fA-F]{32,}))?$/.exec(
      reference,
    );
  const name = match?.groups?.name;
  if (name === undefined || !/^[A-Za-z0-9._:/-]+$/.test(name)) return undefined;
  const slash = name.indexOf('/');
  const first = slash === -1 ? '' : name.slice(0, slash);
  const hasRegistry = /[.:]/.test(first) || first === 'localhost';
  const repository = hasRegistry ? name.slice(slash + 1) : name;
  if (!/^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/.test(repository)) return undefined;
  return {
    registry: hasRegistry ? first : undefined,
    repository,
    tag: match?.groups?.tag,
    digest: match?.groups?.digest,
  };
}

/** `postgres` of `registry.example:5000/library/postgres:18`. */
export function imageBaseName(reference: string | undefined): string | undefined {
  return reference === undefined ? undefined : parseImageReference(reference)?.repository.split('/').at(-1);
}
