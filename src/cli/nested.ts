import type { Command } from 'commander';
import { UserError } from '../core/errors.ts';

/**
 * Refuses options that stand before the name of a nested command: commander gives them to the command around it, where nobody would
 * look at them.
 */
export function refuseBefore(nested: Command): void {
  const around = nested.parent;
  const misplaced = around?.options.find((option) => around.getOptionValueSource(option.attributeName()) === 'cli');
  if (misplaced === undefined) return;
  throw new UserError(`${misplaced.long} stands before ${nested.name()}, where it does not count.`, {
    hint: `Put it behind: qna-ready ${around?.name()} ${nested.name()} … ${misplaced.long}.`,
  });
}
