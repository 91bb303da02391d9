import type { Location } from './location.ts';

/** What a cluster has of an object that files declare, against what they say. No value of a Secret, and no credential, is in it. */
export interface ObjectDrift {
  /** The object as findings name it, with the namespace that it was looked for in. */
  readonly ref: string;
  readonly declaredAt: Location;
  /** `unknown` where the server would not show the object, or nothing certain could be said of it. */
  readonly live: 'found' | 'missing' | 'unknown';
  /** How the two were held against each other; absent where they were not. */
  readonly comparedBy?: 'dry-run' | 'fields';
  /** Why it is unknown, or missing, or why the server was not asked for a dry run: the end of a sentence. */
  readonly reason?: string;
  /** It goes by itself when its work is done, so that it may have been there. */
  readonly isPassing?: boolean;
  readonly differences: readonly FieldDrift[];
}

/** One field that is not as the files say. */
export interface FieldDrift {
  /** `spec.template.spec.containers[name=qna].image`: an item of a list is named by what tells it apart. */
  readonly path: string;
  /**
   * `changed`: both have it. `absent`: only the files have it. `extra`: only the cluster has it, and not by itself. `refused`: the
   * server says that it cannot be made what the files say.
   */
  readonly kind: 'changed' | 'absent' | 'extra' | 'refused';
  /** What a person may see of the two values: a hash where either may be a credential. */
  readonly declared: string;
  readonly live: string;
  /** Where the files say it, or the closest place around it. */
  readonly declaredAt: Location;
}
