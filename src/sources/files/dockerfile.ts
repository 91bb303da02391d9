import { dirname, join } from 'node:path';
import type { Dockerfile, DockerfileInstruction } from '../../core/file-facts.ts';
import { readText } from './read-text.ts';

/** `Dockerfile`, `Dockerfile.api`, `api.Dockerfile`, `Containerfile`. */
export function isDockerfile(name: string): boolean {
  return /^(?:Dockerfile|Containerfile)(?:\.[\w-]+)?$|\.[Dd]ockerfile$/.test(name) && !name.endsWith('.dockerignore');
}

/**
 * Reads the instructions of a Dockerfile, which is shown to people as `file` and lies at `path`. Heredocs and parser
 * directives are left as they stand.
 */
export function readDockerfile(file: string, text: string, path: string): Dockerfile {
  const instructions: DockerfileInstruction[] = [];
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const start = index;
    let joined = (lines[index] ?? '').trim();
    if (joined === '' || joined.startsWith('#')) continue;
    while (joined.endsWith('\\') && index + 1 < lines.length) {
      index += 1;
      const next = (lines[index] ?? '').trim();
      joined = next.startsWith('#') ? joined : `${joined.slice(0, -1).trimEnd()} ${next}`;
    }
    const match = /^([A-Za-z]+)\s+([\s\S]*)$/.exec(joined);
    if (match?.[1] === undefined || match[2] === undefined) continue;
    const column = (lines[start] ?? '').search(/\S/) + 1;
    instructions.push({
      keyword: match[1].toUpperCase(),
      value: match[2].trim(),
      where: { file, line: start + 1, column },
    });
  }
  return { file, instructions, dockerignore: dockerignoreOf(path) };
}

function dockerignoreOf(file: string): readonly string[] | undefined {
  for (const candidate of [`${file}.dockerignore`, join(dirname(file), '.dockerignore')]) {
    const read = readText(candidate);
    if (read.ok)
      return read.text
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line !== '' && !line.startsWith('#'));
  }
  return undefined;
}
