/**
 * The values at a path into an object, as texts. Steps are divided by slashes, go through lists by themselves, and may keep
 * only some: `status/conditions[type=Ready]/status`. Objects come as JSON; what is not there, or null, comes not at all.
 */
export function readPath(object: unknown, path: string): readonly string[] {
  let values: readonly unknown[] = [object];
  for (const step of path.split('/')) {
    const [, name = '', key, wanted] = /^([^[]+)(?:\[(\w+)=([^\]]+)\])?$/.exec(step) ?? [];
    values = values
      .flatMap((value) => (isRecord(value) && value[name] != null ? [value[name]].flat() : []))
      .filter((value) => key === undefined || (isRecord(value) && value[key] === wanted));
  }
  return values.map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
