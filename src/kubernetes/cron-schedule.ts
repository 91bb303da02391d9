interface Part {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly words?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const PARTS: readonly Part[] = [
  { name: 'minute', low: 0, high: 59 },
  { name: 'hour', low: 0, high: 23 },
  { name: 'day of the month', low: 1, high: 31 },
  { name: 'month', low: 1, high: 12, words: ['', ...MONTHS] },
  { name: 'day of the week', low: 0, high: 6, words: DAYS },
];
const WORDS: ReadonlySet<string> = new Set([
  '@yearly',
  '@annually',
  '@monthly',
  '@weekly',
  '@daily',
  '@midnight',
  '@hourly',
]);

/** Why a schedule is refused: the grammar of github.com/robfig/cron/v3, ParseStandard, as a CronJob takes it. */
export function faultOfSchedule(schedule: string): string | undefined {
  if (/TZ/.test(schedule)) return 'a time zone stands in timeZone, not in the schedule';
  if (schedule.startsWith('@'))
    return WORDS.has(schedule) || /^@every (?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/.test(schedule)
      ? undefined
      : 'there is no such word';
  const parts = schedule.trim().split(/\s+/);
  if (parts.length !== PARTS.length) return `it has ${parts.length} fields, not ${PARTS.length}`;
  for (const [index, part] of PARTS.entries())
    for (const range of (parts[index] ?? '').split(',')) {
      const fault = faultOfRange(range, part);
      if (fault !== undefined) return `the ${part.name} ${fault}`;
    }
  return undefined;
}

/** `*`, `5`, `1-5`, each with or without `/step`. */
function faultOfRange(range: string, part: Part): string | undefined {
  const [span = '', step, ...more] = range.split('/');
  if (more.length > 0) return 'has two steps';
  if (step !== undefined && !(/^\d+$/.test(step) && Number(step) > 0)) return 'has a step that is no number above zero';
  if (span === '*' || span === '?') return undefined;
  const [from = '', to, ...rest] = span.split('-');
  if (rest.length > 0) return 'has two hyphens';
  const [low, high] = [numberOf(from, part), to === undefined ? undefined : numberOf(to, part)];
  if (low === undefined || (to !== undefined && high === undefined)) return 'is no number';
  if (low < part.low || (high ?? low) > part.high) return `is not from ${part.low} to ${part.high}`;
  return high !== undefined && high < low ? 'ends before it begins' : undefined;
}

function numberOf(text: string, { words }: Part): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const index = text === '' ? -1 : (words ?? []).indexOf(text.toLowerCase());
  return index === -1 ? undefined : index;
}
