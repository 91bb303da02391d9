import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Hyperlink, Style } from '../reporters/reporter.ts';
import { excerptsBelow } from '../sources/files/excerpt.ts';
import { canLink } from './can-link.ts';
import { hasColor } from './has-color.ts';
import type { Io, Output } from './io.ts';
import type { CommonOptions } from './options.ts';
import { outputWidth } from './output-width.ts';

/** How a report is told on an output: as wide as it is, and with what its terminal can do. */
export function styleFor(
  output: Output,
  { color: wanted, verbose, quiet, explain }: Pick<CommonOptions, 'color' | 'verbose' | 'quiet' | 'explain'>,
  { env, cwd }: Pick<Io, 'env' | 'cwd'>,
): Style {
  const color = hasColor(output, wanted, env);
  const hyperlink = hyperlinkFor(output, color, { env, cwd });
  return {
    // A log has the place; a person at a terminal wants to see it.
    ...(output.isTTY ? { excerpt: excerptsBelow(cwd) } : {}),
    ...(hyperlink === undefined ? {} : { hyperlink }),
    ...(quiet === undefined ? {} : { quiet }),
    ...(explain === undefined ? {} : { explain }),
    color,
    width: outputWidth(output, env),
    verbose,
  };
}

/** Links as OSC 8 has them, or undefined where the terminal would show their escapes or do nothing. */
export function hyperlinkFor(
  output: Output,
  color: boolean,
  { env, cwd }: Pick<Io, 'env' | 'cwd'>,
): Hyperlink | undefined {
  if (!canLink(output, color, env)) return undefined;
  return (shown, target) => {
    const url = typeof target === 'string' ? pageOf(target) : fileOf(target, cwd, env);
    // What is no plain ASCII could end the escape and begin another; whoever wrote the input would speak to the terminal.
    return url === undefined || !/^[!-~]+$/.test(url) ? shown : `\u001b]8;;${url}\u001b\\${shown}\u001b]8;;\u001b\\`;
  };
}

function pageOf(text: string): string | undefined {
  const url = URL.parse(text);
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : undefined;
}

/** Only of a file that is there: a report can speak of those of another machine, and of standard input. */
function fileOf(
  { file, line }: { readonly file: string; readonly line: number },
  cwd: string,
  env: Io['env'],
): string | undefined {
  // The terminal of VS Code finds file:line:column by itself and goes to the line, which it does not for a link.
  if (env.TERM_PROGRAM === 'vscode') return undefined;
  const path = resolve(cwd, file);
  if (!existsSync(path)) return undefined;
  const { href } = pathToFileURL(path);
  // Others take what stands behind # for a part of the name.
  return env.TERM === 'xterm-kitty' ? `${href}#${line}` : href;
}
