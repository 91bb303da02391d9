import type { ForeignStory } from '../foreign-story.ts';
import { ANSWERS_AND_INGEST_STORIES } from './answers-and-ingest.ts';
import { HELPDESK_BOT_STORIES } from './helpdesk-bot.ts';
import { KB_SEARCH_STORIES } from './kb-search.ts';

/** Each fault on one application at least that is not ours. */
export const FOREIGN_STORIES: readonly ForeignStory[] = [
  ...HELPDESK_BOT_STORIES,
  ...KB_SEARCH_STORIES,
  ...ANSWERS_AND_INGEST_STORIES,
];
