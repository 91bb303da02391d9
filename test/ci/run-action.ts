import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { pathOfTests } from './npm-package.ts';

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value: string }>>;
  readonly runs: {
    readonly using: string;
    readonly steps: readonly {
      readonly id?: string;
      readonly uses?: string;
      readonly shell?: string;
      readonly run?: string;
      readonly env?: Readonly<Record<string, string>>;
    }[];
  };
}

export const ROOT = join(import.meta.dirname, '../..');
/** What `action.yml` says. */
export const ACTION = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as Action;

/** Runs the steps as the runner does: inputs are put into the values of `env`, and the rest is bash. */
export function act(
  cwd: string,
  inputs: Readonly<Record<string, string>> = {},
  {
    actionPath = ROOT,
    env = {},
  }: { readonly actionPath?: string; readonly env?: Readonly<Record<string, string>> } = {},
) {
  const runner = temporaryFolder({ output: '', 'summary.md': '' });
  const fill = (text: string) =>
    text.replace(
      /\$\{\{ inputs\.([a-z-]+) \}\}/g,
      (_, name: string) => inputs[name] ?? ACTION.inputs[name]?.default ?? '?',
    );
  const [step] = ACTION.runs.steps;
  const own = Object.entries(step?.env ?? {}).map(([name, value]) => [name, fill(value)]);
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step?.run ?? ''],
    {
      cwd,
      encoding: 'utf8',
      env: {
        PATH: pathOfTests(),
        HOME: runner,
        GITHUB_ACTIONS: 'true',
        GITHUB_ACTION_PATH: actionPath,
        GITHUB_WORKSPACE: cwd,
        GITHUB_OUTPUT: join(runner, 'output'),
        GITHUB_STEP_SUMMARY: join(runner, 'summary.md'),
        RUNNER_TEMP: runner,
        ...env,
        ...Object.fromEntries(own),
      },
    },
  );
  const lines = readFileSync(join(runner, 'output'), 'utf8').trimEnd().split('\n');
  const outputs = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  return { status, stdout, stderr, outputs, lines, summary: readFileSync(join(runner, 'summary.md'), 'utf8') };
}
