import type { BrokenStory } from '../story.ts';
import type { ForeignApp } from './apps.ts';

/** A story about an application of another team. */
export interface ForeignStory extends BrokenStory {
  readonly app: ForeignApp;
}
