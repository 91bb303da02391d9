import { spawnSync } from 'node:child_process';
import { UserError } from '../../core/errors.ts';

export interface GitAnswer {
  readonly status: number;
  readonly stdout: string;
  /** What git complained of, in one line. */
  readonly complaint: string;
}

/** A repository of a million files takes less. */
const TIMEOUT_MS = 120_000;
/** A hook of git hands these down, and they are about another folder than the one that is asked about. */
const OF_ANOTHER_FOLDER = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_COMMON_DIR'];
/** A repository's own configuration may name programs to run; what is asked here needs none of them. */
const NO_PROGRAMS = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'core.quotePath=false'];

/** The environment for a git that finds its repository by the folder alone. */
export function gitEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !OF_ANOTHER_FOLDER.includes(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' };
}

/** Runs git in a folder. A git that says no is an answer; one that is missing, or hangs, is a UserError. */
export function runGit(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): GitAnswer {
  const { error, status, stdout, stderr } = spawnSync('git', [...NO_PROGRAMS, ...args], {
    cwd: folder,
    env: { ...gitEnvironment(), ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 256 * 1024 * 1024,
    timeout: TIMEOUT_MS,
  });
  if (error !== undefined) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UserError(
      missing ? 'The command git is not installed, or not on the PATH.' : `git ${args[0]} did not end well.`,
      { hint: missing ? 'Install git where --changed-since is used.' : error.message, cause: error },
    );
  }
  const [complaint = ''] = stderr.split('\n').filter((line) => /^(?:fatal|error): /.test(line));
  return { status: status ?? 1, stdout, complaint: complaint.replace(/^(?:fatal|error): /, '') };
}
