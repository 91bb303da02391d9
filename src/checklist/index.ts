import type { Section } from '../core/checklist.ts';
import { FURTHER_SECTIONS } from './further-sections.ts';
import { SEED_SECTIONS } from './seed-sections.ts';

/** The readiness review: the fifteen items that it began with, and what production taught beyond them. */
export const SECTIONS: readonly Section[] = [...SEED_SECTIONS, ...FURTHER_SECTIONS];
