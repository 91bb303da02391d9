import { jsonText } from './layout.ts';
import type { Reporter } from './reporter.ts';

export const jsonReporter: Reporter = (report) => jsonText(report);
