import type { Fault } from '../fault.ts';
import { ANSWER_FAULTS } from './answers.ts';
import { EDGE_FAULTS } from './edge.ts';
import { HEALTH_FAULTS } from './health.ts';
import { KEY_FIGURE_FAULTS } from './key-figures.ts';
import { LEAK_FAULTS } from './leaks.ts';
import { LOAD_FAULTS } from './load.ts';
import { LOG_FAULTS } from './logs.ts';
import { METRICS_ENDPOINT_FAULTS } from './metrics-endpoint.ts';
import { METRICS_FORMAT_FAULTS } from './metrics-format.ts';
import { METRICS_NAMING_FAULTS } from './metrics-naming.ts';

/** Everything that the benchmark breaks, by what it is about. */
export const FAULTS: Readonly<Record<string, readonly Fault[]>> = {
  Health: HEALTH_FAULTS,
  'Leaks and errors': LEAK_FAULTS,
  'The page of metrics': METRICS_ENDPOINT_FAULTS,
  'The format of metrics': METRICS_FORMAT_FAULTS,
  'The names of metrics': METRICS_NAMING_FAULTS,
  'Key figures': KEY_FIGURE_FAULTS,
  Logs: LOG_FAULTS,
  'Questions and answers': ANSWER_FAULTS,
  'Under load': LOAD_FAULTS,
  'The edge': EDGE_FAULTS,
};
