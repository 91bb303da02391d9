import type { Command } from 'commander';
import type { Io } from '../commands/io.ts';
import { UserError } from '../core/errors.ts';
import { endpointChoice, endpointOptions, type RawEndpoint } from './endpoint-options.ts';
import { type Done, EXIT_CODE_TABLE } from './exit-codes.ts';
import { common, judging, type RawCommon } from './judging-options.ts';
import { podChoice, podOptions, type RawPods } from './pod-options.ts';
import { everyChoice, type RawRuns, runChoice, runOptions } from './run-options.ts';
import { inWorld, worldFor } from './world.ts';

export function addProbe(program: Command, io: Io, done: Done): void {
  podOptions(runOptions(endpointOptions(judging(program.command('probe')))))
    .description('judge a running service from outside, with few requests')
    .argument('[url...]', 'http://… or https://…; several are replicas, or services of one kind')
    .addHelpText(
      'after',
      `
Examples:
  qna-ready probe http://localhost:8080
  qna-ready probe http://localhost:8080 --outage-command 'docker stop db' --recover-command 'docker start db'
  qna-ready probe http://localhost:8080 --drain-pid 4711 --grace 30
  qna-ready probe https://qna.example.com --ask 'POST /v1/ask {"question": "What is the refund policy?"}'
  qna-ready probe https://qna.example.com --bearer-env QNA_TOKEN --ask /v1/ask
  qna-ready probe http://10.1.0.7:8080 http://10.1.0.8:8080
  qna-ready probe --pod qna-6c5d8f7b9-x2x7k:8080 --namespace prod
${EXIT_CODE_TABLE}`,
    )
    .action(async (urls: readonly string[], options: RawCommon & RawEndpoint & RawRuns & RawPods) => {
      const pods = podChoice(options);
      if (urls.length === 0 && pods.addresses.length === 0)
        throw new UserError('There is nothing to probe.', {
          hint: 'Give a URL such as http://127.0.0.1:8080, or a pod with --pod NAME.',
        });
      const { probe } = await import('../commands/probe.ts');
      const runs = runChoice(options);
      const choiceOf = (url: string) => ({ ...endpointChoice(url, options), runs });
      const endpoints = urls.map(choiceOf);
      const chosen = { ...common(options), endpoints, pods: { ...pods, choiceOf }, ...everyChoice(options) };
      done(
        chosen.every === undefined
          ? await inWorld('Asking the service', options, io, (world) => probe(chosen, world))
          : await probe(chosen, worldFor(options, io)),
      );
    });
}
