import { SECTIONS } from '../../checklist/index.ts';
import { CHECKS } from '../../checks/index.ts';
import type { CommandTree } from '../command-tree.ts';
import type { Io } from '../io.ts';
import type { Shell, ShellScript, Words } from './words.ts';

/** Prints the completion of a shell, made from the command line as it is. */
export async function completion(shell: Shell, tree: CommandTree, reports: readonly string[], io: Io): Promise<number> {
  const script = await loadScript(shell);
  io.stdout.write(script(tree, { ...words(), reports }));
  return 0;
}

async function loadScript(shell: Shell): Promise<ShellScript> {
  switch (shell) {
    case 'bash':
      return (await import('./bash.ts')).bashScript;
    case 'zsh':
      return (await import('./zsh.ts')).zshScript;
    case 'fish':
      return (await import('./fish.ts')).fishScript;
  }
}

function words(): Pick<Words, 'checks' | 'items'> {
  const items = SECTIONS.flatMap((section) => section.items).map(({ id, title }) => ({ name: id, description: title }));
  const topics = [...Map.groupBy(CHECKS, ({ id }) => id.split('/')[0] ?? '')].map(([name, checks]) => ({
    name,
    description: `a topic of ${checks.length} check${checks.length === 1 ? '' : 's'}`,
  }));
  return {
    checks: [...CHECKS.map(({ id, title }) => ({ name: id, description: title })), ...topics, ...items],
    items,
  };
}
