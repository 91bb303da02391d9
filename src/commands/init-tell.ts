import { styleText } from 'node:util';
import { formatPatch, structuredPatch } from 'diff';
import { SECRETS_FILE } from '../scaffold/gitignore.ts';
import type { FileWrite, PlannedFile } from '../scaffold/plan.ts';
import type { Scaffold } from '../scaffold/scaffold.ts';
import { nextSteps } from './init-steps.ts';
import { withoutSecrets } from './patch-without-secrets.ts';

export interface Telling {
  readonly dir: string;
  readonly isDryRun: boolean;
  readonly color: boolean;
}

const SCHEMA_VERSION = 1;

/** What a run of init does, for a person. */
export function tellScaffold(scaffold: Scaffold, telling: Telling): string {
  const differences = telling.isDryRun ? differencesOf(scaffold, telling.color) : '';
  return `${differences}${notReadOf(scaffold)}${gapsOf(scaffold)}${tableOf(scaffold, telling.isDryRun)}${conflictsOf(scaffold)}${stepsOf(scaffold, telling.dir)}`;
}

/** The same for a program. A secret is in neither. */
export function scaffoldAsJson(scaffold: Scaffold, { dir, isDryRun }: Telling): string {
  const { answers, files, warnings } = scaffold;
  const value = {
    schemaVersion: SCHEMA_VERSION,
    dryRun: isDryRun,
    answers,
    files: files.map(({ path, action, why, writes, conflicts }) => ({
      path,
      action,
      ...(why === undefined ? {} : { why }),
      writes: writes.map((write) => write.path),
      ...(conflicts === undefined ? {} : { conflicts }),
      ...(isDryRun && writes.length > 0 ? { diff: writes.map((write) => patchOf(scaffold, write)).join('') } : {}),
    })),
    warnings,
    ...(scaffold.gaps === undefined ? {} : { gaps: scaffold.gaps, notRead: scaffold.notRead }),
    next: nextSteps(scaffold, dir),
  };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** Files that have one reason in common in one sentence: a chart has many. */
function notReadOf({ notRead = [] }: Scaffold): string {
  return [...Map.groupBy(notRead, ({ reason }) => reason)]
    .map(([reason, gaps]) => {
      const names = gaps.slice(0, NAMED).map(({ what }) => what);
      const more = gaps.length > NAMED ? ` and ${gaps.length - NAMED} more` : '';
      return `Not read: ${names.join(', ')}${more}: ${reason}.\n\n`;
    })
    .join('');
}

const NAMED = 3;

function gapsOf({ gaps, notRead = [] }: Scaffold): string {
  if (gaps === undefined) return '';
  if (gaps.length === 0) return `Nothing is lacking${notRead.length === 0 ? '' : ' in what was read'}.\n\n`;
  return gaps
    .map(({ check, subject, message, adds, fix }) => {
      const help = adds.length > 0 ? `is added: ${adds.join(', ')}` : `is for you to change: ${fix ?? message}`;
      return `${check}  ${subject}\n  ${message}\n  What mends it ${help}\n\n`;
    })
    .join('');
}

function tableOf({ files }: Scaffold, isDryRun: boolean): string {
  const width = Math.max(...files.map(({ path }) => path.length));
  const rows = files.map(({ path, action, why }) =>
    `${action.padEnd(10)} ${path.padEnd(why === undefined ? 0 : width)}${why === undefined ? '' : `  ${why}`}`.trimEnd(),
  );
  const written = files.filter(({ writes }) => writes.length > 0).length;
  const sum = isDryRun
    ? `A dry run: nothing was written, ${written} of ${files.length} files would be.`
    : `${written} of ${files.length} files were written.`;
  return `${rows.join('\n')}\n\n${sum}\n`;
}

function conflictsOf({ files }: Scaffold): string {
  return files
    .flatMap(({ path, conflicts = [] }: PlannedFile) =>
      conflicts.map(
        ({ line, yours, new: fresh }) =>
          `\n${path}:${line} is left as you wrote it.\n${marked('  yours  ', yours)}${marked('  new    ', fresh)}`,
      ),
    )
    .join('');
}

function marked(mark: string, lines: readonly string[]): string {
  return lines.length === 0 ? `${mark}(nothing)\n` : lines.map((line) => `${mark}${line}\n`).join('');
}

function differencesOf(scaffold: Scaffold, color: boolean): string {
  const text = scaffold.files.flatMap(({ writes }) => writes.map((write) => patchOf(scaffold, write))).join('');
  if (text === '') return '';
  return `${color ? text.split('\n').map(colored).join('\n') : text}\n`;
}

function patchOf({ read }: Scaffold, { path, text }: FileWrite): string {
  // Not shown, whatever is in it: a terminal is recorded, and a job's log is read by many.
  if (path === SECRETS_FILE) return `--- /dev/null\n+++ ${path}\n(new secrets, which are shown nowhere)\n`;
  const before = path.startsWith('.qna-ready/') ? undefined : read(path)?.text;
  if (path.startsWith('.qna-ready/')) return '';
  const from = before === undefined ? '/dev/null' : path;
  const patch = structuredPatch(from, path, before ?? '', text, '', '', { context: 2 });
  // What a person has written into a file may be a secret; what init writes anew is none.
  return formatPatch(before === undefined ? patch : withoutSecrets(patch, before, text))
    .replace(/^=+\n/, '')
    .replace(/\t$/gm, '');
}

function colored(line: string): string {
  if (/^(?:---|\+\+\+) /.test(line)) return styleText('bold', line, { validateStream: false });
  if (line.startsWith('+')) return styleText('green', line, { validateStream: false });
  if (line.startsWith('-')) return styleText('red', line, { validateStream: false });
  return line.startsWith('@@') ? styleText('cyan', line, { validateStream: false }) : line;
}

function stepsOf(scaffold: Scaffold, dir: string): string {
  const warnings = scaffold.warnings.map((text) => `\nWarning: ${text}\n`).join('');
  const steps = nextSteps(scaffold, dir);
  if (steps.length === 0) return warnings;
  return `${warnings}\nNext:\n${steps.map((step, index) => `  ${index + 1}. ${step}`).join('\n')}\n`;
}
