import { type Dirent, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import ignoreFactory, { type Ignore } from 'ignore';
import type { NotSeen } from '../../core/facts.ts';
import type { GitView } from './git.ts';
import { systemReason } from './read-text.ts';

/** A file that a walk met. */
export interface WalkedFile {
  /** As the person would write it: the given path joined with what lies below. */
  readonly file: string;
  /** A .gitignore names it. */
  readonly ignored: boolean;
  /** Undefined outside a repository, or where git could not be asked. */
  readonly tracked: boolean | undefined;
}

const NEVER_ENTERED = new Set(['.git', '.hg', '.svn', 'node_modules', '.qna-ready']);

/**
 * Lists the files below a folder in a stable order. Ignored folders are not entered unless git tracks something in them;
 * ignored files are listed, marked, so that a check can tell a secret that is kept out of git from one that is not.
 */
export function walk(
  folder: string,
  git: GitView | undefined,
): { readonly files: readonly WalkedFile[]; readonly notSeen: readonly NotSeen[] } {
  const files: WalkedFile[] = [];
  const notSeen: NotSeen[] = [];
  const entered = new Set<string>();
  enter(folder, rulesAbove(resolve(folder), git));
  return { files, notSeen };

  function enter(current: string, inherited: readonly IgnoreRules[]): void {
    let entries: Dirent[];
    try {
      const real = realpathSync(current);
      // A link can lead back to a folder that is being walked.
      if (entered.has(real)) return;
      entered.add(real);
      entries = readdirSync(current, { withFileTypes: true });
    } catch (error) {
      notSeen.push({ what: current, reason: `the folder cannot be read: ${systemReason(error)}`, unusable: true });
      return;
    }
    const rules = [...inherited, ...rulesIn(current)];
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(current, entry.name);
      const type = typeOf(entry, path);
      if (type === 'folder' && !NEVER_ENTERED.has(entry.name)) {
        if (!isIgnored(path, true, rules) || holdsTracked(path, git)) enter(path, rules);
      } else if (type === 'file') {
        files.push({ file: path, ignored: isIgnored(path, false, rules), tracked: git?.tracked?.has(resolve(path)) });
      } else if (type === 'broken') {
        notSeen.push({ what: path, reason: 'it is a symbolic link that leads nowhere' });
      }
    }
  }
}

/** The marks of one file that was named rather than walked to. */
export function markFile(file: string, git: GitView | undefined): WalkedFile {
  const folder = dirname(resolve(file));
  const rules = [...rulesAbove(folder, git), ...rulesIn(folder)];
  return { file, ignored: isIgnored(file, false, rules), tracked: git?.tracked?.has(resolve(file)) };
}

interface IgnoreRules {
  readonly folder: string;
  readonly matcher: Ignore;
}

function rulesIn(folder: string): readonly IgnoreRules[] {
  try {
    return [
      { folder: resolve(folder), matcher: ignoreFactory().add(readFileSync(join(folder, '.gitignore'), 'utf8')) },
    ];
  } catch {
    return [];
  }
}

/** The rules of the folders above one: up to the root of its repository, and without a repository up to the closest .gitignore. */
function rulesAbove(folder: string, git: GitView | undefined): readonly IgnoreRules[] {
  const rules: IgnoreRules[] = [];
  for (let current = folder; current !== git?.root; ) {
    const parent = dirname(current);
    if (parent === current) break;
    rules.unshift(...rulesIn(parent));
    if (git === undefined && rules.length > 0) break;
    current = parent;
  }
  return rules;
}

function isIgnored(path: string, folder: boolean, rules: readonly IgnoreRules[]): boolean {
  let ignored = false;
  for (const { folder: base, matcher } of rules) {
    const below = relative(base, resolve(path));
    if (below === '' || below.startsWith('..')) continue;
    const { ignored: yes, unignored: no } = matcher.test(folder ? `${below}/` : below);
    if (yes) ignored = true;
    else if (no) ignored = false;
  }
  return ignored;
}

function holdsTracked(folder: string, git: GitView | undefined): boolean {
  const prefix = `${resolve(folder)}/`;
  for (const file of git?.tracked ?? []) if (file.startsWith(prefix)) return true;
  return false;
}

function typeOf(entry: Dirent, path: string): 'file' | 'folder' | 'broken' | 'other' {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  if (!entry.isSymbolicLink()) return 'other';
  try {
    const target = statSync(path);
    return target.isFile() ? 'file' : target.isDirectory() ? 'folder' : 'other';
  } catch (error) {
    return basename(path) !== '' && (error as NodeJS.ErrnoException).code === 'ELOOP' ? 'other' : 'broken';
  }
}
