import { randomBytes } from 'node:crypto';

/**
 * The first message of a TLS 1.2 client that offers these suites and no other (RFC 5246, section 7.4.1.2, in a record of section
 * 6.2.1). `serverName` is left out for an address.
 */
export function clientHello(suites: readonly number[], serverName: string | undefined): Uint8Array {
  const body = Buffer.concat([
    uint16(TLS_1_2),
    randomBytes(32),
    sized(1, Buffer.alloc(0)),
    sized(2, Buffer.concat(suites.map(uint16))),
    // No compression.
    sized(1, Buffer.from([0])),
    sized(
      2,
      Buffer.concat([
        ...(serverName === undefined ? [] : [extension(0, sized(2, named(serverName)))]),
        extension(10, sized(2, Buffer.concat(GROUPS.map(uint16)))),
        extension(11, sized(1, Buffer.from([0]))),
        extension(13, sized(2, Buffer.concat(SIGNATURES.map(uint16)))),
        extension(0xff01, sized(1, Buffer.alloc(0))),
      ]),
    ),
  ]);
  const message = Buffer.concat([Buffer.from([CLIENT_HELLO]), sized(3, body)]);
  return Buffer.concat([Buffer.from([HANDSHAKE]), uint16(TLS_1_0), sized(2, message)]);
}

/** What a server's first bytes say: the suite that it took, a refusal, something that is no TLS, or too little yet. */
export type ServerSays =
  | { readonly says: 'accepted'; readonly suite: number }
  | { readonly says: 'refused' | 'no TLS' | 'more' };

export function readServerHello(bytes: Uint8Array): ServerSays {
  const data = Buffer.from(bytes);
  if (data.length < RECORD_HEAD + 1) return { says: 'more' };
  if (data[0] === ALERT && data[1] === 3) return { says: 'refused' };
  if (data[0] !== HANDSHAKE || data[1] !== 3 || data[RECORD_HEAD] !== SERVER_HELLO) return { says: 'no TLS' };
  // After the head of the record: type and length (4), version (2), random (32), and the session with its length before it.
  const session = RECORD_HEAD + 4 + 2 + 32;
  const suite = session + 1 + (data[session] ?? 0);
  return data.length < suite + 2 ? { says: 'more' } : { says: 'accepted', suite: data.readUInt16BE(suite) };
}

const HANDSHAKE = 22;
const ALERT = 21;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const RECORD_HEAD = 5;
const TLS_1_0 = 0x0301;
const TLS_1_2 = 0x0303;
/** x25519, secp256r1, secp384r1, secp521r1. */
const GROUPS = [29, 23, 24, 25];
/** ECDSA, RSA-PSS and RSA with SHA-256 to SHA-512, and with SHA-1, which old suites need. */
const SIGNATURES = [0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201, 0x0202];

function extension(type: number, data: Uint8Array): Buffer {
  return Buffer.concat([uint16(type), sized(2, data)]);
}

function named(serverName: string): Buffer {
  return Buffer.concat([Buffer.from([0]), sized(2, Buffer.from(serverName, 'ascii'))]);
}

function sized(lengthBytes: number, data: Uint8Array): Buffer {
  const length = Buffer.alloc(lengthBytes);
  length.writeUIntBE(data.length, 0, lengthBytes);
  return Buffer.concat([length, data]);
}

function uint16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}
