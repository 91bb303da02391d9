import { resolve } from 'node:path';
import { UserError } from '../core/errors.ts';
import { readBytes } from '../sources/files/files-source.ts';
import type { Io } from './io.ts';

/** The bytes of a file, or of standard input where its name is `-`, with how a person knows it. */
export async function readGiven(file: string, io: Io): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const name = file === '-' ? 'standard input' : file;
  const bytes = file === '-' ? await allOf(io.stdin) : readBytes(resolve(io.cwd, file));
  if (bytes.length === 0)
    throw new UserError(`${name} is empty, where a report was expected.`, {
      hint: 'Make one with --report json; if a command before a pipe failed, it says why.',
    });
  return { name, bytes };
}

async function allOf(input: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of input) pieces.push(piece);
  return Buffer.concat(pieces);
}
