import type { Command } from 'commander';
import type { Io } from '../commands/io.ts';
import { type Done, EXIT_CODE_TABLE } from './exit-codes.ts';
import { CHANGED_SINCE, filesChoice, filesOptions, type RawFiles } from './files-options.ts';
import { choosing, common, judging, type RawCommon } from './judging-options.ts';

interface RawFixing {
  readonly fix: boolean;
  readonly dryRun: boolean;
  readonly watch: boolean;
  readonly changedSince?: string;
}

export function addValidate(program: Command, io: Io, done: Done): void {
  filesOptions(choosing(judging(program.command('validate'))))
    .description('judge manifests, Dockerfiles and documents offline')
    .argument('<path...>', 'files, folders and patterns such as k8s/**/*.yaml; - is standard input')
    .option('--fix', 'mend what needs no decision, and judge what that makes', false)
    .option('--dry-run', 'with --fix: print the changes as a patch, and write nothing', false)
    .option('--watch', 'judge anew whenever a file changes', false)
    .option(...CHANGED_SINCE)
    .addHelpText(
      'after',
      `
Examples:
  qna-ready validate k8s/ Dockerfile docs/
  qna-ready validate chart/ --helm-values values-prod.yaml --helm-namespace qna
  qna-ready validate . --only 4.1 --report json=report.json
  qna-ready validate k8s/ --kubernetes 1.36 --crds crds/
  qna-ready validate k8s/ --fix --dry-run
  qna-ready validate k8s/ --changed-since origin/main
${EXIT_CODE_TABLE}`,
    )
    .action(async (paths: readonly string[], options: RawCommon & RawFiles & RawFixing) => {
      const { fix, dryRun, watch, changedSince } = options;
      const since = changedSince === undefined ? {} : { changedSince };
      const { validate } = await import('../commands/validate.ts');
      done(await validate({ ...common(options), ...filesChoice(options), paths, fix, dryRun, watch, ...since }, io));
    });
}
