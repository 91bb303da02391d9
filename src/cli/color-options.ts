import { type Command, InvalidArgumentError, Option } from 'commander';

const WHEN = ['auto', 'always', 'never'] as const;

/** As commander gives it: absent, or auto, where the output decides. */
export interface RawColor {
  readonly color?: boolean | 'auto' | undefined;
}

export function colorOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--color <when>', 'colour; without a value it is always, and auto is for terminals')
        .choices(WHEN)
        .argParser(parseWhen),
    )
    .option('--no-color', 'the same as --color never');
}

/** For a command, which knows no auto. */
export function colorChoice({ color }: RawColor): { readonly color?: boolean } {
  return color === undefined || color === 'auto' ? {} : { color };
}

/**
 * Spells out a `--color` without a value, as git and ls understand it: commander would take the path behind it for the value.
 * What stands behind `--` is no option.
 */
export function spellOutColor(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return argv.map((argument, index) => {
    const isBare = argument === '--color' && (end === -1 || index < end);
    return isBare && !WHEN.some((when) => when === argv[index + 1]) ? '--color=always' : argument;
  });
}

function parseWhen(value: string): boolean | 'auto' {
  if (!WHEN.some((when) => when === value)) throw new InvalidArgumentError(`Allowed choices are ${WHEN.join(', ')}.`);
  // For commander a value of undefined is none.
  return value === 'auto' ? value : value === 'always';
}
