/** The text that every Prometheus reads, or OpenMetrics, which carries exemplars too. */
export type Format = 'text' | 'openmetrics';

interface Preference {
  readonly type: string;
  readonly version: string | undefined;
  readonly quality: number;
}

/**
 * Chooses the format by an Accept header (RFC 9110, section 12.5.1). OpenMetrics only where it is asked for by name, in the
 * version that is served, and no less than the text: a browser's wildcard gets text that it can show.
 */
export function chooseFormat(accept: string | undefined): Format {
  const preferences = (accept ?? '').split(',').map(readPreference);
  const best = (wanted: (preference: Preference) => boolean): number =>
    Math.max(0, ...preferences.filter(wanted).map(({ quality }) => quality));
  const openMetrics = best(
    ({ type, version }) => type === 'application/openmetrics-text' && (version === undefined || version === '1.0.0'),
  );
  const text = best(({ type, version }) => type === 'text/plain' && (version === undefined || version === '0.0.4'));
  return openMetrics > 0 && openMetrics >= text ? 'openmetrics' : 'text';
}

function readPreference(text: string): Preference {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const named = new Map(
    parameters.map((parameter) => {
      const [name = '', value = ''] = parameter.split('=');
      return [name.trim(), value.trim().replace(/^"(.*)"$/, '$1')] as const;
    }),
  );
  const quality = Number(named.get('q') ?? 1);
  return { type, version: named.get('version'), quality: quality >= 0 && quality <= 1 ? quality : 0 };
}
