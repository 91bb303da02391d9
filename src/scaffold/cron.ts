const FIELDS: readonly (readonly [min: number, max: number])[] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
];

/** Whether a CronJob takes this schedule: five fields of numbers, ranges, lists and steps. Names and macros are not taken. */
export function isSchedule(text: string): boolean {
  const fields = text.split(' ');
  return fields.length === FIELDS.length && FIELDS.every(([min, max], index) => isField(fields[index] ?? '', min, max));
}

function isField(field: string, min: number, max: number): boolean {
  return field.split(',').every((part) => {
    const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part);
    if (match === null) return false;
    const first = Number(match[1] ?? min);
    const last = Number(match[2] ?? match[1] ?? max);
    return min <= first && first <= last && last <= max && match[3] !== '0' && match[3] !== '00';
  });
}
