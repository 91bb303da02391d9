import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/** Larger than any manifest; a file beyond it is a mistake or an attack, and is reported instead of read. */
export const MAX_FILE_BYTES = 16 * 1024 * 1024;

export type ReadResult = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string };

/** Reads a regular file as UTF-8. Anything else comes back as a reason in half a sentence, never as an exception. */
export function readText(file: string): ReadResult {
  let descriptor: number;
  try {
    // Without O_NONBLOCK, opening a FIFO would wait for a writer that never comes.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return { ok: false, reason: systemReason(error) };
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return { ok: false, reason: 'it is not a regular file' };
    if (stats.size > MAX_FILE_BYTES)
      return {
        ok: false,
        reason: `it has ${(stats.size / 1048576).toFixed(0)} MiB, more than the ${MAX_FILE_BYTES / 1048576} MiB that a manifest may have`,
      };
    return decode(readFileSync(descriptor));
  } catch (error) {
    return { ok: false, reason: systemReason(error) };
  } finally {
    closeSync(descriptor);
  }
}

/** Decodes bytes as kubectl would: UTF-8, with or without a byte order mark. */
export function decode(bytes: Uint8Array): ReadResult {
  if (bytes.includes(0)) return { ok: false, reason: 'it is a binary file, or text in UTF-16; manifests are UTF-8' };
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { ok: false, reason: 'it is not valid UTF-8' };
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'permission to read it is denied',
  EPERM: 'permission to read it is denied',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is not a directory',
  ELOOP: 'its symbolic links form a loop',
  ENXIO: 'it is a socket or a device',
};

export function systemReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}
