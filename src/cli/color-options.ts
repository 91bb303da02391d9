import { type Command, InvalidArgumentError, Option } from 'commander';

const WHEN = ['auto', 'always', 'never'] as const;

/** `color` is true, false, or undefined where the output decides. */
export function colorOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--color <when>', 'colour; without a value it is always, and auto is for terminals')
        .choices(WHEN)
        .argParser(parseWhen),
    )
    .option('--no-color', 'the same as --color never');
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

function parseWhen(value: string): boolean | undefined {
  if (!WHEN.some((when) => when === value)) throw new InvalidArgumentError(`Allowed choices are ${WHEN.join(', ')}.`);
  return value === 'auto' ? undefined : value === 'always';
}
