/** How much of a page is kept. Everything is read and counted, and faults of single lines are found everywhere. */
export interface ExpositionLimits {
  /** Families beyond it have none of their samples kept, and a family in two parts is no longer noticed among them. */
  readonly families: number;
  readonly samplesOfFamily: number;
  /** Of all families together. */
  readonly samples: number;
}

export const UNLIMITED: ExpositionLimits = { families: Infinity, samplesOfFamily: Infinity, samples: Infinity };

/** What a judge of a page needs, a hundred times over; some 100 MB of memory at the very most. */
export const PAGE_LIMITS: ExpositionLimits = { families: 10_000, samplesOfFamily: 20_000, samples: 200_000 };

/** A line that is longer is not read: no client library writes one, and a stream must not make its reader keep it. */
export const LONGEST_LINE = 4 * 1024 * 1024;
