/** Turns bytes that come in pieces into text. */
export interface ChunkDecoder {
  /** The text of everything that is complete by now; up to three bytes of a character wait for the next piece. */
  decode(bytes: Uint8Array): string;
  /** The bytes that nothing completed. */
  end(): string;
}

/**
 * Stands in the text for one byte that is not UTF-8, as a surrogate without its other half: no text that was written as UTF-8
 * can hold one, so that a real U+FFFD is not taken for damage.
 */
const FIRST_STRAY = 0xdc00;
export const STRAY_BYTE = /[\uDC80-\uDCFF]/u;

/** Decodes UTF-8 without losing sight of the bytes that are none; how the bytes are cut into pieces makes no difference. */
export function createChunkDecoder(): ChunkDecoder {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let waiting: Uint8Array = NOTHING;
  const decodeAll = (bytes: Uint8Array): string => {
    try {
      return strict.decode(bytes);
    } catch {
      return decodeDamaged(bytes, strict);
    }
  };
  return {
    decode(bytes) {
      const all = waiting.length === 0 ? bytes : join(waiting, bytes);
      const complete = all.length - unfinished(all);
      // The caller may use its buffer again.
      waiting = complete === all.length ? NOTHING : all.slice(complete);
      return decodeAll(complete === all.length ? all : all.subarray(0, complete));
    },
    end() {
      const rest = decodeAll(waiting);
      waiting = NOTHING;
      return rest;
    },
  };
}

const NOTHING = new Uint8Array(0);

/** How many bytes at the end begin a character that further bytes could complete. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return widthOf(byte) > back ? back : 0;
  }
  return 0;
}

/** How many bytes the character has that starts with this one; 1 where none does. */
function widthOf(lead: number): number {
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 1;
}

function decodeDamaged(bytes: Uint8Array, strict: InstanceType<typeof TextDecoder>): string {
  let text = '';
  let sound = 0;
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at] ?? 0;
    const width = lead < 0x80 ? 1 : soundWidth(bytes, at);
    if (width === 0) {
      if (at > sound) text += strict.decode(bytes.subarray(sound, at));
      text += String.fromCharCode(FIRST_STRAY + lead);
      sound = at + 1;
    }
    at += Math.max(width, 1);
  }
  return text + strict.decode(bytes.subarray(sound));
}

/** The width of the character of several bytes at `at`; 0 where they are no character (RFC 3629, section 4). */
function soundWidth(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  const width = widthOf(lead);
  const second = bytes[at + 1] ?? 0;
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (width === 1 || second < least || second > most) return 0;
  for (let index = 2; index < width; index++) if (((bytes[at + index] ?? 0) & 0xc0) !== 0x80) return 0;
  return width;
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
