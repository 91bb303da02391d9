/**
 * The pause that a Retry-After header asks for, in milliseconds; undefined where it is absent or malformed. Both of its forms
 * are understood (RFC 9110, 10.2.3), and the `retry-after-ms` that some providers send beside it.
 */
export function retryAfterMs(headers: Headers | undefined, now: number): number | undefined {
  const exact = Number(headers?.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(exact) && exact >= 0) return exact;
  const value = headers?.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
