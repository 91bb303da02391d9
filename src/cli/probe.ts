import type { Command } from 'commander';
import type { Io } from '../commands/io.ts';
import { endpointChoice, endpointOptions, type RawEndpoint } from './endpoint-options.ts';
import { type Done, EXIT_CODE_TABLE } from './exit-codes.ts';
import { common, judging, type RawCommon } from './judging-options.ts';
import { everyChoice, type RawRuns, runChoice, runOptions } from './run-options.ts';

export function addProbe(program: Command, io: Io, done: Done): void {
  runOptions(endpointOptions(judging(program.command('probe'))))
    .description('judge a running service from outside, with few requests')
    .argument('<url>', 'http://… or https://…')
    .addHelpText(
      'after',
      `
Examples:
  qna-ready probe http://localhost:8080
  qna-ready probe http://localhost:8080 --outage-command 'docker stop db' --recover-command 'docker start db'
  qna-ready probe http://localhost:8080 --drain-pid 4711 --grace 30
  qna-ready probe https://qna.example.com --ask 'POST /v1/ask {"question": "What is the refund policy?"}'
${EXIT_CODE_TABLE}`,
    )
    .action(async (url: string, options: RawCommon & RawEndpoint & RawRuns) => {
      const { probe } = await import('../commands/probe.ts');
      done(
        await probe(
          { ...common(options), ...endpointChoice(url, options), runs: runChoice(options), ...everyChoice(options) },
          io,
        ),
      );
    });
}
