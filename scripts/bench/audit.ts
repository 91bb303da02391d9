import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KINDS, listPath } from '../../src/kubernetes/kinds.ts';
import { missingToolchain, popeyeBinary } from '../../test/cluster/binaries.ts';
import type { RunningCluster } from '../../test/cluster/cluster-facts.ts';
import { startControlPlane } from '../../test/cluster/control-plane.ts';
import { startFaultProxy } from '../../test/cluster/faults/fault-proxy.ts';
import { kubeconfig } from '../../test/cluster/kubeconfig.ts';
import { ROOT } from '../steps.ts';
import { lineChart } from './line-chart.ts';
import { median } from './load.ts';
import { growFleet } from './make-fleet.ts';
import { runTimed, runTimedBeside, type Timed } from './run-timed.ts';

const ROUNDS = 3;
const FLEETS = [1_000, 10_000];
/** The fleet that other judges are shown. */
const COMPARED = 10_000;
/** What Popeye may take of a machine that has to live on: it has taken more than 20 GB. */
const POPEYE_SECONDS = 300;
const POPEYE_GIB = 12;
const PAGE_SIZES = [100, 500, 1_000];
const BUNDLE = join(ROOT, 'dist/qna-ready.js');
const GRAPHS = join(ROOT, 'docs/performance');
const BARE_LIST = join(import.meta.dirname, 'bare-list.ts');

/** What was measured of one size of the fleet. */
interface Size {
  readonly pods: number;
  readonly bare: Timed;
  readonly audit: Timed;
}

/**
 * Times `audit -A` against a bare listing of the same kinds, and against Popeye, on control planes whose pods nobody runs:
 * `--pods=10000,50000` says how many, `--graphs` draws the growth, and Popeye runs with `--popeye`, within bounds.
 */
export async function benchAudit(flags: readonly string[]): Promise<void> {
  const missing = missingToolchain();
  if (missing !== undefined) return console.log(`Not measured: ${missing}.`);
  spawnSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'inherit' });
  const wanted = flags.find((flag) => flag.startsWith('--pods='))?.slice('--pods='.length);
  const fleets = (wanted?.split(',').map(Number) ?? FLEETS).toSorted((a, b) => a - b);
  const folder = mkdtempSync(join(tmpdir(), 'qna-ready-bench-'));
  // Everything else that controllers make would go on being made while something is measured.
  const cluster = await startControlPlane({ controllers: ['serviceaccount-controller'] });
  // A run that is interrupted leaves no servers behind.
  const stop = () => cluster.stop().finally(() => process.exit(130));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const sizes: Size[] = [];
    let made = 0;
    let objects = 0;
    for (const pods of fleets) {
      const started = Date.now();
      objects += await growFleet(cluster, made, pods);
      made = pods;
      console.log(`\n${pods} pods, ${objects} objects (the last of them in ${secondsOf(Date.now() - started)})`);
      sizes.push({ pods, ...compare(cluster, folder) });
      if (pods !== COMPARED) continue;
      await measurePages(cluster, folder);
      if (flags.includes('--popeye')) await measurePopeye(cluster);
    }
    if (flags.includes('--graphs')) drawGrowth(sizes);
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In turn, so that a slow moment of the machine falls on both. */
function compare(cluster: RunningCluster, folder: string): Pick<Size, 'bare' | 'audit'> {
  const access = join(folder, 'access.json');
  writeFileSync(access, JSON.stringify({ server: cluster.server, ca: cluster.ca, token: cluster.tokens.admin }));
  const paths = KINDS.filter(({ builtIn }) => builtIn).map((kind) => listPath(kind, undefined));
  const bare: Timed[] = [];
  const audit: Timed[] = [];
  // The first round fills the server's caches and the compile cache.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const [bareRun, auditRun] = [
      runTimed([process.execPath, BARE_LIST, access, ...paths]),
      runTimed(auditCommand(cluster.adminKubeconfig)),
    ];
    if (round === 0) continue;
    bare.push(bareRun);
    audit.push(auditRun);
  }
  const middle = { bare: middleOf(bare), audit: middleOf(audit) };
  tell('', 'elapsed', 'ratio', 'processor', 'ratio', 'peak');
  tellTimed('a bare listing, pages thrown away', middle.bare, middle.bare);
  tellTimed('qna-ready audit -A', middle.audit, middle.bare);
  return middle;
}

/** Memory and requests by the size of a page, which a proxy changes on the way to the server. */
async function measurePages(cluster: RunningCluster, folder: string): Promise<void> {
  for (const size of PAGE_SIZES) {
    const resize = { on: /[?&]limit=500\b/, ask: (path: string) => path.replace('limit=500', `limit=${size}`) };
    const proxy = await startFaultProxy(cluster, [resize]);
    try {
      const file = join(folder, `pages-${size}.kubeconfig`);
      const token = cluster.tokens.admin ?? '';
      writeFileSync(file, kubeconfig({ ...cluster, server: proxy.url }, { token }));
      const { peakMiB } = await runTimedBeside(auditCommand(file));
      tell(`pages of ${size}`, `${proxy.asked.length} requests`, '', '', '', `${peakMiB.toFixed(0)} MiB`);
    } finally {
      await proxy.close();
    }
  }
}

/** With the limit that it sets a request of its own, within which it does not read the largest lists, and without one. */
async function measurePopeye(cluster: RunningCluster): Promise<void> {
  const popeye = await popeyeBinary();
  const log = join(cluster.folder, 'popeye.log');
  const bounds = ['timeout', `${POPEYE_SECONDS}`, 'prlimit', `--as=${POPEYE_GIB * 1024 ** 3}`];
  const args = ['--all-namespaces', `--kubeconfig=${cluster.adminKubeconfig}`, `--logs=${log}`, '--out=json'];
  for (const more of [[], ['--request-timeout=10m']]) {
    const name = ['Popeye', ...more].join(' ');
    try {
      const { wallMs, processorMs, peakMiB } = runTimed([...bounds, popeye, ...args, ...more]);
      tell(name, secondsOf(wallMs), '', secondsOf(processorMs), '', `${peakMiB.toFixed(0)} MiB`);
    } catch {
      tell(name, `ended at its bound of ${POPEYE_SECONDS} s or ${POPEYE_GIB} GiB`);
    }
  }
}

function auditCommand(kubeconfigFile: string): readonly string[] {
  return [process.execPath, BUNDLE, 'audit', '--all-namespaces', '--kubeconfig', kubeconfigFile];
}

function middleOf(runs: readonly Timed[]): Timed {
  const middle = (figure: keyof Timed) => median(runs.map((run) => run[figure]));
  return { wallMs: middle('wallMs'), processorMs: middle('processorMs'), peakMiB: middle('peakMiB') };
}

function tellTimed(name: string, timed: Timed, baseline: Timed): void {
  const ratio = (figure: keyof Timed) => `${(timed[figure] / baseline[figure]).toFixed(2)} x`;
  tell(
    name,
    secondsOf(timed.wallMs),
    ratio('wallMs'),
    secondsOf(timed.processorMs),
    ratio('processorMs'),
    `${timed.peakMiB.toFixed(0)} MiB`,
  );
}

function tell(name: string, ...figures: readonly string[]): void {
  console.log(`${name.padEnd(36)} ${figures.map((figure) => figure.padStart(13)).join(' ')}`);
}

function secondsOf(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function drawGrowth(sizes: readonly Size[]): void {
  mkdirSync(GRAPHS, { recursive: true });
  const line = (of: (size: Size) => Timed) => [
    [0, 0] as const,
    ...sizes.map((size) => [size.pods, of(size).processorMs / 1000] as const),
  ];
  const chart = {
    title: 'Processor time of audit by pods',
    x: 'pods',
    y: 'seconds',
    lines: [
      { name: 'audit -A, all checks', color: '#337ab7', points: line(({ audit }) => audit) },
      { name: 'a bare listing', color: '#999', points: line(({ bare }) => bare) },
    ],
  };
  writeFileSync(join(GRAPHS, 'audit-growth.svg'), lineChart(chart));
}
