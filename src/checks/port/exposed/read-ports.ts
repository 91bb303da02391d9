import type { Dockerfile } from '../../../core/file-facts.ts';
import type { Location } from '../../../core/location.ts';

interface Exposed {
  readonly text: string;
  readonly numbers: readonly number[];
  readonly where: Location;
}

/** Reads the last stage; what was set before its FROM, an ARG aside, belongs to another image. */
export function readPorts(
  { file, instructions }: Dockerfile,
  portNames: readonly string[],
): {
  readonly exposed: readonly Exposed[];
  readonly port: { readonly value: string; readonly where: Location } | undefined;
  readonly end: Location;
} {
  const start = instructions.findLastIndex(({ keyword }) => keyword === 'FROM');
  const variables = new Map<string, string>();
  const exposed: Exposed[] = [];
  let port: { readonly value: string; readonly where: Location } | undefined;
  for (const [index, { keyword, value, where }] of instructions.entries()) {
    if (keyword === 'ARG' || (keyword === 'ENV' && index > start))
      for (const [name, text] of assignmentsOf(value)) {
        variables.set(name, fill(text, variables));
        if (keyword === 'ENV' && portNames.includes(name)) port = { value: variables.get(name) ?? '', where };
      }
    if (keyword === 'EXPOSE' && index > start) {
      const text = fill(value, variables);
      exposed.push({ text, numbers: text.split(/\s+/).flatMap(numbersOf), where });
    }
  }
  return { exposed, port, end: instructions.at(-1)?.where ?? { file, line: 1, column: 1 } };
}

/** `NAME=value OTHER="two words"`, and the old form `NAME value`. */
function assignmentsOf(text: string): readonly (readonly [string, string])[] {
  const pairs = [...text.matchAll(/([A-Za-z_]\w*)=("[^"]*"|'[^']*'|\S*)/g)];
  if (pairs.length > 0)
    return pairs.map(([, name = '', value = '']) => [name, value.replace(/^(["'])(.*)\1$/, '$2')] as const);
  const [name = '', ...rest] = text.trim().split(/\s+/);
  return rest.length > 0 ? [[name, rest.join(' ')]] : [];
}

function fill(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(
    /\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))/g,
    (whole, braced: string | undefined, fallback: string | undefined, bare: string | undefined) =>
      variables.get(braced ?? bare ?? '') ?? fallback ?? whole,
  );
}

/** `8080`, `8080/tcp`, `8000-8002`. */
function numbersOf(word: string): readonly number[] {
  const match = /^(\d+)(?:-(\d+))?(?:\/tcp)?$/i.exec(word);
  if (match === null) return [];
  const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
  return last - first > 1000 ? [first, last] : Array.from({ length: last - first + 1 }, (_, nth) => first + nth);
}
