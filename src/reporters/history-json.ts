import type { HistoryReporter } from './history-reporter.ts';
import { jsonText } from './layout.ts';

/** Its schema is `schemas/history-v1.schema.json`. */
export const historyJsonReporter: HistoryReporter = (history) => jsonText(history);
