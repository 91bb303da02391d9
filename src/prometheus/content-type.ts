import type { ExpositionFormat } from './exposition.ts';

/** What Prometheus 3 makes of the Content-Type of a scrape. */
export type ContentTypeVerdict =
  | { readonly accepted: true; readonly format: ExpositionFormat | 'protobuf' }
  /** Without a fallback in the scrape configuration the scrape fails; `likely` is the format that was probably meant. */
  | { readonly accepted: false; readonly reason: string; readonly likely: ExpositionFormat };

/**
 * Judges a Content-Type as Prometheus 3 does: a missing, unreadable or unknown one fails the scrape
 * (https://prometheus.io/docs/prometheus/latest/migration/#scrape-protocols). The version is not looked at.
 */
export function judgeContentType(contentType: string | undefined): ContentTypeVerdict {
  if (contentType === undefined || contentType.trim() === '')
    return { accepted: false, reason: 'the Content-Type is missing', likely: 'text' };
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  const mediaType = type.toLowerCase();
  if (!/^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/.test(mediaType) || !parameters.every(isParameter))
    return { accepted: false, reason: 'the Content-Type cannot be read', likely: 'text' };
  switch (mediaType) {
    case 'text/plain':
      return { accepted: true, format: 'text' };
    case 'application/openmetrics-text':
      return { accepted: true, format: 'openmetrics' };
    case 'application/vnd.google.protobuf':
      return { accepted: true, format: 'protobuf' };
    default:
      return { accepted: false, reason: `Prometheus does not know the media type ${mediaType}`, likely: 'text' };
  }
}

function isParameter(text: string): boolean {
  return text === '' || /^[a-z0-9!#$&^_.+-]+\s*=\s*(?:"[^"]*"|[^\s";,]+)$/i.test(text);
}
