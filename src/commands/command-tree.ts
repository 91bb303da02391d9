/** What the shell can offer for a value: its words, files, names that the program knows, or nothing. */
export type Values = readonly string[] | 'files' | 'folders' | 'checks' | 'items' | 'reports' | 'none';

export interface TreeArgument {
  readonly name: string;
  readonly description: string;
  readonly isRequired: boolean;
  readonly isVariadic: boolean;
  readonly values: Values;
}

export interface TreeOption {
  /** `-n`, where there is one. */
  readonly short?: string;
  /** `--namespace`. */
  readonly long: string;
  readonly description: string;
  /** The heading that help has it under. */
  readonly group: string;
  readonly isRepeatable: boolean;
  /** What it takes, such as `name` of `<name>`; absent for a switch. */
  readonly value?: { readonly name: string; readonly isOptional: boolean; readonly values: Values };
}

/** A command with everything that help says of it, as plain data: shell completion and the manual page are made from this. */
export interface CommandTree {
  /** The words that call it, without the program's own name: `[]`, `['checklist']`. */
  readonly path: readonly string[];
  readonly usage: string;
  readonly description: string;
  readonly arguments: readonly TreeArgument[];
  readonly options: readonly TreeOption[];
  readonly commands: readonly CommandTree[];
  /** What stands below the options, such as examples. */
  readonly sections: readonly { readonly title: string; readonly lines: readonly string[] }[];
}

/** A command and all below it. */
export function allOf(tree: CommandTree): readonly CommandTree[] {
  return [tree, ...tree.commands.flatMap(allOf)];
}
