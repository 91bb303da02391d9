import type { Io, Output } from './io.ts';

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
