import { describe, expect, it } from 'vitest';
import { faultOfSchedule } from '../../src/kubernetes/cron-schedule.ts';

describe('a schedule', () => {
  it.each(['0 3 * * *', '*/15 0-6,22-23 1 jan-mar mon-fri', '5/10 * ? * *', '@daily', '@every 1h30m', ' 0  3 * * * '])(
    'may be %s',
    (schedule) => expect(faultOfSchedule(schedule)).toBeUndefined(),
  );

  it.each([
    ['0 3 * *', '4 fields'],
    ['* * * * * *', '6 fields'],
    ['60 * * * *', 'minute is not from 0 to 59'],
    ['0 24 * * *', 'hour is not from 0 to 23'],
    ['0 3 0 * *', 'day of the month is not from 1 to 31'],
    ['0 3 * 13 *', 'month is not from 1 to 12'],
    ['0 3 * * 7', 'day of the week is not from 0 to 6'],
    ['0 6-3 * * *', 'ends before it begins'],
    ['*/0 * * * *', 'a step'],
    ['1-2-3 * * * *', 'two hyphens'],
    ['x * * * *', 'no number'],
    ['@reboot', 'no such word'],
    ['CRON_TZ=UTC 0 3 * * *', 'timeZone'],
  ])('is refused as %s', (schedule, reason) => expect(faultOfSchedule(schedule)).toContain(reason));
});
