/** How much of a page is kept. Everything is read and counted, and faults of single lines are found everywhere. */
export interface ExpositionLimits {
  /** Families beyond it have none of their samples kept, and a family in two parts is no longer noticed among them. */
  readonly families: number;
  readonly samplesOfFamily: number;
  /** Of all families together. */
  readonly samples: number;
  /** So many characters of lines; names can be as long as a line. */
  readonly characters: number;
}

export const UNLIMITED: ExpositionLimits = {
  families: Infinity,
  samplesOfFamily: Infinity,
  samples: Infinity,
  characters: Infinity,
};

/** Many times what a judge of a page needs. */
export const PAGE_LIMITS: ExpositionLimits = {
  families: 10_000,
  samplesOfFamily: 20_000,
  samples: 200_000,
  characters: 64 * 1024 * 1024,
};

/** Of a longer help text only the beginning is kept. */
export const LONGEST_HELP = 4096;

/** A line that is longer is not read: no client library writes one, and a stream must not make its reader keep it. */
export const LONGEST_LINE = 4 * 1024 * 1024;
