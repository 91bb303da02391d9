import { type Command, Option } from 'commander';
import type { CommonOptions, ReportTarget } from '../commands/options.ts';
import { SEVERITIES, type Severity } from '../core/check.ts';
import { REPORT_FORMATS } from '../reporters/reporter.ts';
import { colorChoice, colorOptions, type RawColor } from './color-options.ts';
import { collect, collectReport } from './values.ts';
import type { RawTelling } from './world.ts';

/** The options of every judging command, as commander gives them. */
export interface RawCommon extends RawTelling, RawColor {
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly failOn: Severity;
  readonly allowUnknown: boolean;
  readonly report: readonly ReportTarget[];
  readonly config?: string;
  readonly baseline?: string;
  readonly verbose: boolean;
  readonly explain: boolean;
  readonly app?: readonly string[];
  readonly selector?: string;
}

export function judging(command: Command): Command {
  return colorOptions(
    command
      .optionsGroup('Choosing what is judged:')
      .option('--only <name>', 'run only this check, topic or item; may be repeated', collect, [])
      .option('--skip <name>', 'leave out this check, topic or item; may be repeated', collect, [])
      .optionsGroup('Judging:')
      .addOption(
        new Option('--fail-on <severity>', 'the mildest failure that makes the exit code 1')
          .choices(SEVERITIES)
          .default('warning'),
      )
      .option('--allow-unknown', 'exit with 0 although something could not be seen', false)
      .option(
        '--baseline <file>',
        'an earlier report, saved with --report json=FILE: only failures that it lacks count',
      )
      .option('--config <file>', 'the configuration (default: qna-ready.config.yaml, where it exists)')
      .optionsGroup('Telling:')
      .option(
        '--report <format[=file]>',
        `${REPORT_FORMATS.join(', ')}; to stdout or to a file; may be repeated`,
        collectReport,
        [],
      )
      .option('-v, --verbose', 'also tell what passed and what does not apply', false)
      .addOption(
        new Option('-q, --quiet', 'tell only what is open, a line each, and the verdict')
          .default(false)
          .conflicts(['verbose', 'explain']),
      )
      .option('--explain', 'also tell why each check that is open is made, and how to mend and verify it', false)
      .option('--no-progress', 'do not tell how a long run goes'),
  ).optionsGroup('');
}

/** For the commands that look at objects. */
export function choosing(command: Command): Command {
  return command
    .optionsGroup('Choosing what is judged:')
    .option(
      '--app <name>',
      'tell only of this application: the workloads whose label app.kubernetes.io/name, app.kubernetes.io/instance or app, or whose name, is this, and all that belongs to them; may be repeated',
      collect,
      [],
    )
    .option('--selector <selector>', 'the same of workloads by their labels: app=qna,tier!=batch,env in (a,b),!canary')
    .optionsGroup('');
}

export function common({
  only,
  skip,
  failOn,
  allowUnknown,
  report,
  config,
  baseline,
  verbose,
  quiet,
  explain,
  color,
  app = [],
  selector,
}: RawCommon): CommonOptions {
  return {
    only,
    skip,
    failOn,
    allowUnknown,
    reports: report.some(({ file }) => file === undefined) ? report : [{ format: 'text' }, ...report],
    ...(config === undefined ? {} : { config }),
    ...(baseline === undefined ? {} : { baseline }),
    verbose,
    quiet,
    explain,
    apps: app,
    ...(selector === undefined ? {} : { selector }),
    ...colorChoice({ color }),
  };
}
