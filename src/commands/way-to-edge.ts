import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { UserError } from '../core/errors.ts';
import { readInput } from '../sources/files/files-source.ts';
import type { Detour } from '../sources/http/detour.ts';
import { isRefusedAddress } from '../sources/http/refused-addresses.ts';
import type { Io } from './io.ts';

/** Reads the certificates of `--ca FILE`; gives their PEM. */
export function readAuthorities(file: string, io: Io): string {
  const text = readInput(resolve(io.cwd, file));
  try {
    new X509Certificate(text);
    return text;
  } catch (cause) {
    throw new UserError(`${file} holds no certificate that can be read.`, {
      hint: 'Give --ca a file in PEM, which begins with -----BEGIN CERTIFICATE-----.',
      cause,
    });
  }
}

/** An address in brackets, or anything without a colon; nothing stands for the same, or for any. */
const HOST = String.raw`(\[[0-9a-fA-F:.]+\]|[^:\s[\]/@]*)`;
const DETOUR = new RegExp(`^${HOST}:(\\d{0,5}):${HOST}:(\\d{0,5})$`);

/** Reads `--connect-to HOST:PORT:ADDRESS:PORT` as curl does (https://curl.se/docs/manpage.html#--connect-to). */
export function parseDetour(text: string): Detour {
  const [, host = '', port = '', address = '', toPort = ''] = DETOUR.exec(text) ?? [];
  const toAddress = address.replace(/^\[|\]$/g, '');
  const isMeant = DETOUR.test(text) && (toAddress !== '' || toPort !== '');
  if (
    !isMeant ||
    [port, toPort].some((each) => Number(each) > 65_535) ||
    (address.startsWith('[') && isIP(toAddress) !== 6)
  )
    throw new UserError(`--connect-to ${text} is not of the form HOST:PORT:ADDRESS:PORT.`, {
      hint: 'Write it as: --connect-to qna.example.com:443:127.0.0.1:8443.',
    });
  if (isRefusedAddress(toAddress))
    throw new UserError(`${toAddress} is a link-local or metadata address, which is never asked.`, {
      hint: 'Give the address of the edge, or of what leads to it.',
    });
  return {
    host: host === '' ? undefined : host.replace(/^\[|\]$/g, ''),
    port: port === '' ? undefined : Number(port),
    toAddress: toAddress === '' ? undefined : toAddress,
    toPort: toPort === '' ? undefined : Number(toPort),
  };
}
