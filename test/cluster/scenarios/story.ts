import type { ItemState } from '../../../src/core/checklist.ts';
import type { Part } from './settled.ts';
import type { Overlay, Stage } from './stage.ts';

/** The healthy service with one thing broken. The fault is proven with plain reads of the API before anything is judged. */
export interface BrokenStory {
  /** Of the namespace and the host too. */
  readonly name: string;
  /** What is broken, as a sentence. */
  readonly tells: string;
  /** How the objects differ from the start. */
  readonly overlay?: Overlay;
  /** What cannot be ready with it, so that nobody waits for that. */
  readonly neverReady?: Part;
  /** What happens to the service when it is ready. */
  happen?(stage: Stage): Promise<void>;
  /** What is not ready any more when it has happened. Everything else is, before anything is judged. */
  readonly loses?: Part;
  /** Asked until it is true: whether the fault is really there, by what the API server says. */
  proven(stage: Stage): Promise<boolean>;
  /** The item that must not be done. */
  readonly item: string;
  readonly verdict: Verdict;
  /** Items that this fault rightly touches too. All others stay as they are in the healthy service. */
  readonly alsoTouches?: Touched;
  /** Must not be in anything that is told. */
  readonly secret?: string;
}

/** Several states where it depends on the moment which of them is seen. */
export type Touched = Readonly<Record<string, ItemState | readonly ItemState[]>>;

/**
 * What a container that starts again and again touches in any case: it may wait or run when it is looked at, its log may be empty
 * then, and its page of metrics out of reach.
 */
export const CRASHING: Touched = {
  '1.3': ['done', 'todo', 'unknown'],
  '3.1': ['done', 'unknown'],
  '3.2': ['done', 'unknown'],
};

export type Verdict =
  | {
      /** The check that names the fault, and what its findings say of it. */
      readonly by: 'audit' | 'probe';
      readonly check: string;
      readonly says: RegExp;
      readonly args?: readonly string[];
    }
  | {
      /** Nobody names the fault yet, so the item is failing or unknown for a reason of its own. */
      readonly by: 'nobody yet';
    };

/** What `audit` says of the service as `init` wrote it, before a backup has run. */
export const HEALTHY: Readonly<Record<string, ItemState>> = {
  '1.1': 'done',
  '1.2': 'done',
  '1.3': 'done',
  '2.1': 'done',
  '2.2': 'done',
  '2.3': 'done',
  '3.1': 'done',
  '3.2': 'done',
  // The claim of the backups has no volume before the first backup.
  '4.1': 'unknown',
  '4.2': 'done',
  '4.3': 'todo',
  '5.1': 'done',
  '5.2': 'done',
  '5.3': 'done',
  '6.1': 'done',
  '6.2': 'done',
  '6.3': 'done',
  '6.4': 'done',
  '7.1': 'done',
  '7.2': 'done',
  '7.3': 'done',
  '7.4': 'done',
  '8.1': 'done',
  '8.2': 'done',
  '9.3': 'done',
  // No model runs in the cluster.
  '9.4': 'not-applicable',
  '10.1': 'done',
  // Prometheus reads annotations here, and no rule of an operator; nor is there a dashboard in the cluster.
  '10.2': 'not-applicable',
  '10.3': 'not-applicable',
};
