import type { ExpositionFormat } from './exposition.ts';

/** What Prometheus 3 makes of the Content-Type of a scrape. */
export type ContentTypeVerdict =
  /** Native histograms come in protobuf only, and only to a Prometheus that asks for it; such a page is not read here. */
  | { readonly accepted: true; readonly format: ExpositionFormat | 'protobuf' }
  /** Without a fallback in the scrape configuration the scrape fails; `likely` is the format that was probably meant. */
  | { readonly accepted: false; readonly reason: string; readonly likely: ExpositionFormat };

/**
 * Judges a Content-Type as Prometheus 3 does (extractMediaType of
 * https://github.com/prometheus/prometheus/blob/v3.15.0/model/textparse/interface.go): a missing, unreadable or unknown one
 * fails the scrape. The media type chooses the parser; of the versions only OpenMetrics 2.0 is looked at, which is refused
 * unless it was switched on.
 */
export function judgeContentType(contentType: string | undefined): ContentTypeVerdict {
  if (contentType === undefined || contentType === '') return refused('the Content-Type is missing');
  const read = readMediaType(contentType);
  if (read === undefined) return refused('the Content-Type cannot be read');
  switch (read.mediaType) {
    case 'text/plain':
      return { accepted: true, format: 'text' };
    case 'application/openmetrics-text':
      return read.parameters.get('version') === '2.0.0'
        ? { accepted: false, reason: 'OpenMetrics 2.0 is only read where it was switched on', likely: 'openmetrics' }
        : { accepted: true, format: 'openmetrics' };
    case 'application/vnd.google.protobuf':
      return { accepted: true, format: 'protobuf' };
    default:
      return refused(`Prometheus does not know the media type ${read.mediaType}`);
  }
}

function refused(reason: string): ContentTypeVerdict {
  return { accepted: false, reason, likely: 'text' };
}

interface MediaType {
  readonly mediaType: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const TYPE = /^[!#$%&'*+.^_`|{}~0-9A-Za-z-]+(?:\/[!#$%&'*+.^_`|{}~0-9A-Za-z-]+)?$/;
const PARAMETER =
  /^\s*;\s*([!#$%&'*+.^_`|{}~0-9A-Za-z-]+)\s*=\s*(?:"((?:[^"\\\r\n]|\\[^\r\n])*)"|([!#$%&'*+.^_`|{}~0-9A-Za-z-]+))/;

/** Reads a header as Go's mime.ParseMediaType does; undefined where that gives an error. */
function readMediaType(text: string): MediaType | undefined {
  const semicolon = text.indexOf(';');
  const mediaType = (semicolon === -1 ? text : text.slice(0, semicolon)).trim().toLowerCase();
  if (!TYPE.test(mediaType)) return undefined;
  const parameters = new Map<string, string>();
  let rest = semicolon === -1 ? '' : text.slice(semicolon);
  // A semicolon with nothing after it is let through, but only one.
  while (rest.trim() !== '' && rest.trim() !== ';') {
    const [whole, name = '', quoted, token] = PARAMETER.exec(rest) ?? [];
    if (whole === undefined) return undefined;
    const value = quoted?.replaceAll(/\\(.)/g, '$1') ?? token ?? '';
    const known = parameters.get(name.toLowerCase());
    if (known !== undefined && known !== value) return undefined;
    parameters.set(name.toLowerCase(), value);
    rest = rest.slice(whole.length);
  }
  return { mediaType, parameters };
}
