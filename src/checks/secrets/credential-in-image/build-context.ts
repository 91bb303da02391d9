/**
 * Whether a path of the build context is left out of it. Patterns are read as Docker reads them: rooted at the context, `**`
 * over any number of folders, a folder with all that is below it, and the last match wins, since `!` takes back.
 * https://docs.docker.com/build/concepts/context/#syntax
 */
export function isLeftOut(path: string, dockerignore: readonly string[]): boolean {
  let leftOut = false;
  for (const line of dockerignore) {
    const back = line.startsWith('!');
    const pattern = (back ? line.slice(1) : line).trim().replace(/^\.?\/+|\/+$/g, '');
    if (pattern !== '' && matches(pattern.split('/'), path.split('/'))) leftOut = !back;
  }
  return leftOut;
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  // The pattern is used up, so it names the path or a folder above it.
  if (first === undefined) return true;
  if (first === '**') return rest.length === 0 || path.some((_, index) => matches(rest, path.slice(index)));
  const [head, ...tail] = path;
  return head !== undefined && matchesName(first, head) && matches(rest, tail);
}

function matchesName(pattern: string, name: string): boolean {
  if (pattern === '.') return true;
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.');
  try {
    return new RegExp(`^${source}$`).test(name);
  } catch {
    return false;
  }
}
