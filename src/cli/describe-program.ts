import type { Argument, Command, Option } from 'commander';
import type { CommandTree, TreeArgument, TreeOption, Values } from '../commands/command-tree.ts';

/** Reads the whole command line out of the program itself, so that nothing that is made from it can say anything else. */
export function describeProgram(program: Command): CommandTree {
  return describeCommand(program, [], []);
}

function describeCommand(program: Command, path: readonly string[], siblings: readonly Command[]): CommandTree {
  const help = program.createHelp();
  const commands = help.visibleCommands(program);
  return {
    path,
    usage: help.commandUsage(program),
    description: help.commandDescription(program),
    arguments: program.registeredArguments.map((argument) => describeArgument(argument, siblings)),
    options: help.visibleOptions(program).map((option) => describeOption(option, help.optionDescription(option))),
    commands: commands.map((command) => describeCommand(command, [...path, command.name()], commands)),
    sections: sectionsOf(program),
  };
}

function describeArgument(argument: Argument, siblings: readonly Command[]): TreeArgument {
  const name = argument.name();
  return {
    name,
    description: argument.description,
    isRequired: argument.required,
    isVariadic: argument.variadic,
    values: argument.argChoices ?? valuesCalled(name, siblings),
  };
}

function describeOption(option: Option, description: string): TreeOption {
  const { short, long = '', required, optional } = option;
  const [, name = ''] = /[<[](.*)[\]>]$/.exec(option.flags) ?? [];
  return {
    ...(short === undefined ? {} : { short }),
    long,
    description,
    group: option.helpGroupHeading ?? 'Options:',
    isRepeatable: Array.isArray(option.defaultValue),
    ...(required || optional
      ? // A placeholder with brackets inside counts for commander as both.
        { value: { name, isOptional: optional && !required, values: option.argChoices ?? valuesOf(long, name) } }
      : {}),
  };
}

/** What an option takes, by what its placeholder is called. */
function valuesOf(long: string, name: string): Values {
  if (long === '--only' || long === '--skip') return 'checks';
  if (name.startsWith('format')) return 'reports';
  // --live-path and its kind take the path of a URL.
  return long.endsWith('-path') ? 'none' : valuesCalled(name, []);
}

function valuesCalled(name: string, siblings: readonly Command[]): Values {
  switch (name.replace(/\.*$/, '')) {
    case 'file':
    case 'path':
      return 'files';
    case 'dir':
    case 'folder':
      return 'folders';
    case 'check':
      return 'checks';
    case 'item':
      return 'items';
    case 'command':
      return siblings.map((command) => command.name()).filter((sibling) => sibling !== 'help');
    default:
      return 'none';
  }
}

/** What `addHelpText` put below the help, under its headings. */
function sectionsOf(command: Command): CommandTree['sections'] {
  let text = '';
  // It listens for its help as any emitter does, which its types do not say.
  (command as Command & NodeJS.EventEmitter).emit('afterHelp', {
    error: false,
    command,
    write: (part: string) => {
      text += part;
    },
  });
  return text
    .split(/\n(?=\S)/)
    .map((part) => part.trim().split('\n'))
    .filter(([title = '']) => title.endsWith(':'))
    .map(([title = '', ...lines]) => ({
      title: title.slice(0, -1),
      lines: lines.filter((line) => line.trim() !== '').map((line) => line.trim()),
    }));
}
