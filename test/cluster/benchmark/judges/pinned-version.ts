import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version of a module that a recipe in `binaries/` builds its program from, such as 1.20.0. */
export function pinnedVersion(recipe: string, module: string): string {
  const text = readFileSync(join(import.meta.dirname, '../../binaries', recipe, 'go.mod'), 'utf8');
  const version = text.split('\n').flatMap((line) => {
    const [name, found] = line.trim().split(' ');
    return name === module && found !== undefined ? found.replace(/^v/, '') : [];
  })[0];
  if (version === undefined) throw new Error(`The recipe ${recipe} names no version of ${module}.`);
  return version;
}
