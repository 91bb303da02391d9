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

/** A pattern that names a folder leaves out all that is below it, as if `**` followed. */
function matches(pattern: readonly string[], path: readonly string[]): boolean {
  return matchesWildcards([...pattern.filter((part) => part !== '.'), '**'], path, '**', (part, name) =>
    matchesWildcards([...part], [...name], '*', (wanted, found) => wanted === '?' || wanted === found),
  );
}

/** Goes back to the last wildcard only, so that no pattern takes longer than its length times the text's. */
function matchesWildcards(
  pattern: readonly string[],
  items: readonly string[],
  wildcard: string,
  same: (wanted: string, found: string) => boolean,
): boolean {
  let next = 0;
  let star = -1;
  let resumeAt = 0;
  for (let index = 0; index < items.length; ) {
    const wanted = pattern[next];
    if (wanted === wildcard) {
      star = next;
      resumeAt = index;
      next += 1;
    } else if (wanted !== undefined && same(wanted, items[index] ?? '')) {
      next += 1;
      index += 1;
    } else if (star !== -1) {
      resumeAt += 1;
      index = resumeAt;
      next = star + 1;
    } else return false;
  }
  return pattern.slice(next).every((part) => part === wildcard);
}
