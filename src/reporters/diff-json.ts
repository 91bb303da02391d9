import type { DiffReporter } from './diff-reporter.ts';
import { jsonText } from './layout.ts';

/** Everything, also what moved within the same outcome; its schema is `schemas/diff-v1.schema.json`. */
export const diffJsonReporter: DiffReporter = (diff) => jsonText(diff);
