import type { BrokenStory } from '../story.ts';
import { CONFIGURATION_STORIES } from './configuration.ts';
import { DATA_STORIES } from './data.ts';
import { EDGE_STORIES } from './edge.ts';
import { LIFECYCLE_STORIES } from './lifecycle.ts';
import { VISIBILITY_STORIES } from './visibility.ts';

/** Every way in which the healthy service is broken, one at a time. */
export const BROKEN_STORIES: readonly BrokenStory[] = [
  ...CONFIGURATION_STORIES,
  ...LIFECYCLE_STORIES,
  ...VISIBILITY_STORIES,
  ...DATA_STORIES,
  ...EDGE_STORIES,
];
