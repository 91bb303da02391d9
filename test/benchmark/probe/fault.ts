import type { EdgeShape } from './edge.ts';
import type { Service } from './service.ts';

/** One thing that is wrong with a service, and what must be said of it. */
export interface Fault {
  readonly name: string;
  /** One sentence. */
  readonly tells: string;
  /** The item of the checklist that it breaks; `–` where none is about it. */
  readonly item: string;
  /**
   * The check that must tell it. `unknown:CHECK` where that check can only say that it could not look, which no pipeline takes for a
   * pass either; `missed` where nothing tells it, which is recorded and never left out.
   */
  readonly check: string;
  /** By what a finding is known to speak of this fault: its message, or what it observed. */
  readonly says: RegExp;
  readonly breaks?: (base: Service) => Service;
  /** The service stands behind TLS, with this wrong about it; {} where TLS is only the way to it. */
  readonly edge?: Partial<EdgeShape>;
  /** Whether the question is asked, as `--ask` does. */
  readonly asks?: true;
  /** More for the command line. */
  readonly args?: readonly string[];
}
