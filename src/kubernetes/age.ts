const HOUR = 3_600_000;

/** Hours between two times in ISO 8601; undefined where one of them is none. */
export function hoursBetween(earlier: string | undefined, later: string): number | undefined {
  const hours = (Date.parse(later) - Date.parse(earlier ?? '')) / HOUR;
  return Number.isNaN(hours) ? undefined : hours;
}

/** `3 hours`, and from three days on `5 days`. */
export function formatHours(hours: number): string {
  const [count, unit] = Math.abs(hours) < 72 ? [Math.round(hours), 'hour'] : [Math.round(hours / 24), 'day'];
  return `${count} ${unit}${Math.abs(count) === 1 ? '' : 's'}`;
}
