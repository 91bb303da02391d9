import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ADDITIONS } from './additions.ts';
import { buildAll } from './build-all.ts';
import type { ClusterFacts, Tier } from './cluster-facts.ts';
import { doctor } from './doctor.ts';
import { parseKubernetesVersion } from './kubernetes-versions.ts';
import { isAlive } from './process-identity.ts';
import { removeAbandonedRuns, removeRun } from './remove-run.ts';
import { firstMissing, requirementsOf } from './requirements.ts';
import { residentMiB } from './resident-memory.ts';
import { keptRun, processesOf } from './run.ts';
import { startCluster } from './start-cluster.ts';
import { OFFERED_TIERS } from './tier.ts';

const USAGE = `usage: npm run cluster -- COMMAND

  up          start a cluster and keep it: [--tier ${OFFERED_TIERS.join('|')}] [--kubernetes 1.37|1.36|1.35]
  build       build all that the tests use, so that none of them waits for it: [--kubernetes 1.37|1.36|1.35]
  add         put into a node tier that is up: ${Object.keys(ADDITIONS).join(', ')}
  down        end it and remove all that it made
  status      what runs, and how much memory it takes
  kubeconfig  print the path of the admin's kubeconfig: export KUBECONFIG=$(npm run -s cluster -- kubeconfig)
  shell       a shell with KUBECONFIG set and kubectl at hand
  doctor      what each tier needs, what is missing here, and how to get it
`;

const say = (line: string) => process.stdout.write(`${line}\n`);

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`cluster: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { tier: { type: 'string' }, kubernetes: { type: 'string' } },
    allowPositionals: true,
  });
  switch (positionals[0]) {
    case 'up':
      return up(values.tier, values.kubernetes);
    case 'build':
      await buildAll(parseKubernetesVersion(values.kubernetes));
      say('All is built.');
      return 0;
    case 'add':
      return add(running(), positionals.slice(1));
    case 'down':
      return down();
    case 'status':
      return status();
    case 'kubeconfig':
      say(running().adminKubeconfig);
      return 0;
    case 'shell':
      return shell(running());
    case 'doctor':
      return doctor(say) ? 0 : 1;
    default:
      process.stderr.write(USAGE);
      return 2;
  }
}

async function up(tierText: string | undefined, version: string | undefined): Promise<number> {
  const kubernetes = parseKubernetesVersion(version);
  const tier = tierToStart(tierText);
  await removeAbandonedRuns();
  if (keptRun() !== undefined) throw new Error('A cluster is up already; `npm run cluster -- down` ends it.');
  const started = Date.now();
  const facts = await startCluster(tier, { kubernetes, kind: 'kept' });
  say(`Kubernetes ${kubernetes}, ${tier} tier, is up after ${((Date.now() - started) / 1000).toFixed(1)} s.`);
  say(`export KUBECONFIG=${facts.adminKubeconfig}`);
  return 0;
}

function tierToStart(text: string | undefined): Exclude<Tier, 'given'> {
  const best = OFFERED_TIERS.find((tier) => firstMissing(requirementsOf(tier)) === undefined);
  const tier = text === undefined ? (best ?? 'control-plane') : OFFERED_TIERS.find((offered) => offered === text);
  if (tier === undefined) throw new Error(`There is no ${text} tier; choose ${OFFERED_TIERS.join(' or ')}.`);
  const missing = firstMissing(requirementsOf(tier));
  if (missing !== undefined) throw new Error(`The ${tier} tier cannot be had here: ${missing}.`);
  return tier;
}

async function add(facts: ClusterFacts, names: readonly string[]): Promise<number> {
  const unknown = names.find((name) => ADDITIONS[name] === undefined);
  if (names.length === 0 || unknown !== undefined)
    throw new Error(`Name what to add: ${Object.keys(ADDITIONS).join(', ')}.`);
  if (facts.node === undefined) throw new Error(`The ${facts.tier} tier runs no pods; \`up --tier node\` does.`);
  for (const name of names) {
    await ADDITIONS[name]?.(facts, facts.node);
    say(`${name} is there.`);
  }
  return 0;
}

async function down(): Promise<number> {
  await removeAbandonedRuns();
  const kept = keptRun();
  if (kept !== undefined) await removeRun(kept.run);
  say(kept === undefined ? 'No cluster is up.' : 'The cluster is down, and nothing of it is left.');
  return 0;
}

function status(): number {
  const kept = keptRun();
  if (kept?.facts === undefined) {
    say(kept === undefined ? 'No cluster is up.' : 'A cluster is being started, or its start was killed.');
    return 1;
  }
  say(
    `Kubernetes ${kept.facts.kubernetes}, ${kept.facts.tier} tier, ${kept.facts.server}, files in ${kept.run.folder}`,
  );
  const processes = processesOf(kept.run);
  for (const process of processes)
    say(`  ${process.name.padEnd(24)} ${isAlive(process) ? `${residentMiB(process.pid)} MiB` : 'has ended'}`);
  return processes.every(isAlive) ? 0 : 1;
}

function running(): ClusterFacts {
  const facts = keptRun()?.facts;
  if (facts === undefined) throw new Error('No cluster is up; `npm run cluster -- up` starts one.');
  return facts;
}

function shell({ adminKubeconfig, folder, kubectl, node }: ClusterFacts): number {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'kubectl'), `#!/bin/sh\nexec ${kubectl.join(' ')} "$@"\n`, { mode: 0o755 });
  const [command = 'sh', ...args] = [...(node?.enter ?? []), process.env.SHELL ?? 'sh'];
  const { status: code } = spawnSync(command, args, {
    stdio: 'inherit',
    env: {
      ...process.env,
      KUBECONFIG: node?.kubeconfig ?? adminKubeconfig,
      PATH: `${bin}${delimiter}${process.env.PATH}`,
    },
  });
  return code ?? 1;
}
