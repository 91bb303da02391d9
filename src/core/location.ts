/** The way from an object's root to one of its parts, as the API names it: `['spec', 'containers', 0, 'image']`. */
export type Path = readonly (string | number)[];

/** Where evidence was found: in a file, in a live object, or in an answer to a request. */
export type Location =
  | { readonly file: string; readonly line: number; readonly column: number }
  | { readonly object: string; readonly path: string }
  | { readonly request: string };

/** Writes a path as `kubectl explain` and the API server's causes do: `spec.containers[0].image`. */
export function formatPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[A-Za-z0-9_-]+$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}

/** Reads what `formatPath` wrote; undefined for anything else. */
export function parsePath(text: string): Path | undefined {
  const steps: (string | number)[] = [];
  const step = /(?:^|\.)([A-Za-z0-9_-]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;
  while (step.lastIndex < text.length) {
    const match = step.exec(text);
    if (match === null) return undefined;
    const [, name, index, quoted = ''] = match;
    const written = name ?? (index === undefined ? unquoted(quoted) : Number(index));
    if (written === undefined) return undefined;
    steps.push(written);
  }
  return steps;
}

function unquoted(text: string): string | undefined {
  try {
    return JSON.parse(text) as string;
  } catch {
    return undefined;
  }
}

/** Writes a location on one line, in the form that editors and terminals recognise. */
export function formatLocation(location: Location): string {
  if ('file' in location) return `${location.file}:${location.line}:${location.column}`;
  if ('request' in location) return location.request;
  return location.path === '' ? location.object : `${location.object} ${location.path}`;
}
