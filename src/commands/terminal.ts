import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Hyperlink } from '../reporters/reporter.ts';
import type { Io, Output } from './io.ts';

/** Where nobody says how wide an output is. */
export const DEFAULT_WIDTH = 100;
/** Words cannot be told in less. */
const LEAST_WIDTH = 40;

/** The columns of an output: those of its terminal, otherwise those of COLUMNS. */
export function outputWidth({ columns }: Output, env: Io['env']): number {
  const said = Number(env.COLUMNS);
  return Math.max(LEAST_WIDTH, columns || (Number.isInteger(said) && said > 0 ? said : DEFAULT_WIDTH));
}

/** What the command line says, then FORCE_COLOR and NO_COLOR as their standards say, then what the output is. */
export function hasColor({ isTTY }: Output, wanted: boolean | undefined, env: Io['env']): boolean {
  const forced = env.FORCE_COLOR;
  if (wanted !== undefined) return wanted;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTTY && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
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

/**
 * Whether an output is a terminal that is known to follow links. FORCE_HYPERLINK decides where it is set, for a pipe too, as it does for
 * the package supports-hyperlinks, whose list of terminals this is; who wants no colour wants no links either.
 */
export function canLink({ isTTY }: Output, color: boolean, env: Io['env']): boolean {
  const forced = env.FORCE_HYPERLINK ?? '';
  if (forced !== '') return Number.parseInt(forced, 10) !== 0;
  if (!isTTY || !color || env.TERM === 'dumb') return false;
  if (env.WT_SESSION !== undefined) return true;
  if ((env.CI ?? '') !== '' || (env.TEAMCITY_VERSION ?? '') !== '') return false;
  const [major = 0, minor = 0] = versionOf(env.TERM_PROGRAM_VERSION);
  switch (env.TERM_PROGRAM) {
    case 'iTerm.app':
      return major > 3 || (major === 3 && minor >= 1);
    case 'WezTerm':
      return major >= 20_200_620 || (env.TERM_PROGRAM_VERSION ?? '').startsWith('0-unstable-');
    case 'vscode':
      return env.CURSOR_TRACE_ID !== undefined || major > 1 || (major === 1 && minor >= 72);
    case 'ghostty':
    case 'zed':
      return true;
  }
  if ((env.VTE_VERSION ?? '') !== '') return isLinkingVte(env.VTE_VERSION ?? '');
  return env.TERM === 'alacritty' || env.TERM === 'xterm-kitty';
}

/** 0.50.1 and later; 0.50.0 crashes on a link. VTE writes 0.50.1 as 5001. */
function isLinkingVte(text: string): boolean {
  const [major = 0, minor = 0, patch = 0] = /^\d{3,4}$/.test(text)
    ? [0, Math.floor(Number(text) / 100), Number(text) % 100]
    : versionOf(text);
  return major > 0 || minor > 50 || (minor === 50 && patch > 0);
}

function versionOf(text = ''): readonly number[] {
  return text.split('.').map((part) => Number.parseInt(part, 10) || 0);
}
