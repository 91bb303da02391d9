import { shapeOfValue } from '../../kubernetes/placeholder.ts';

/** `.env`, `.env.production`, `prod.env`; a file that calls itself an example is meant to be shared. */
export function isEnvFile(name: string): boolean {
  return /^\.env(?:\.[\w-]+)*$|^[\w-]+\.env$/.test(name) && !/example|sample|template|dist$/.test(name);
}

/** The settings that an env file fills in, by name; the values are not kept. */
export function filledSettings(text: string): readonly string[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const match = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*)$/.exec(line);
    if (match?.[1] === undefined) return [];
    const value = (match[2] ?? '').replace(/^(["'])(.*)\1\s*$/, '$2');
    return shapeOfValue(value) === 'filled' ? [match[1]] : [];
  });
}
