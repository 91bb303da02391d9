import type { Reporter } from './reporter.ts';

export const jsonReporter: Reporter = (report) => `${JSON.stringify(report, undefined, 2)}\n`;
