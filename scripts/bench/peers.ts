import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubeconformBinary, kubectlValidateBinary, kubeScoreBinary } from '../../test/cluster/binaries.ts';
import { publishedSchemas } from '../../test/cluster/published-schemas.ts';
import { startCluster } from '../../test/cluster/start-cluster.ts';
import { clusterOf } from '../../test/cluster/use-cluster.ts';
import { ROOT } from '../steps.ts';
import { writeManySets, writeOneSet } from './input.ts';
import { lineChart } from './line-chart.ts';
import { type Commands, compare, peakMiB, tell } from './timing.ts';

const BUNDLE = join(ROOT, 'dist/qna-ready.js');
const PLOT = join(ROOT, 'docs/performance/growth.svg');
/** Eight documents each; the last makes 100,000. */
const SETS = [125, 500, 2000, 8000, 12_500];
const GROUPS = ['apps', 'networking.k8s.io', 'policy'];

/** Times `validate` against other judges over the same files; with `--graphs` how its cost grows, too. */
export async function benchPeers(flags: readonly string[]): Promise<void> {
  spawnSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'inherit' });
  const folder = mkdtempSync(join(tmpdir(), 'qna-ready-peers-'));
  try {
    const schemas = await schemasIn(join(folder, 'schemas'));
    const small = join(folder, 'small');
    const large = join(folder, 'large');
    const files = writeOneSet(small);
    const documents = writeManySets(large, 2000);
    console.log(`\n${files} files`);
    measure(await judgesOf(small, schemas), 11);
    console.log(`\n${documents} documents in ${readdirSync(large).length} files`);
    measure(await judgesOf(large, schemas), 3);
    if (flags.includes('--graphs')) drawGrowth(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Schemas = Awaited<ReturnType<typeof publishedSchemas>>;

/** What an API server publishes, for the judges that have no schemas of their own and no network. */
async function schemasIn(folder: string): Promise<Schemas> {
  const { stop, ...facts } = await startCluster('control-plane');
  try {
    return await publishedSchemas(clusterOf(facts), GROUPS, folder);
  } finally {
    await stop();
  }
}

async function judgesOf(folder: string, { kinds, documents }: Schemas): Promise<Commands> {
  const files = readdirSync(folder).map((name) => join(folder, name));
  const location = `${kinds}/{{ .ResourceKind }}{{ .KindSuffix }}.json`;
  return {
    'kubeconform 0.8.0, schema': {
      program: await kubeconformBinary(),
      args: ['-strict', '-schema-location', location, folder],
    },
    'qna-ready validate --only schema/valid': [BUNDLE, 'validate', folder, '--only', 'schema/valid'],
    'kubectl-validate 0.0.4, schema and rules': {
      program: await kubectlValidateBinary(),
      args: ['--local-schemas', documents, folder],
    },
    'kube-score 1.20.0, its checks': { program: await kubeScoreBinary(), args: ['score', ...files] },
    'qna-ready validate, all checks': [BUNDLE, 'validate', folder],
  };
}

function measure(commands: Commands, rounds: number): void {
  tell(commands, compare(commands, rounds));
}

function drawGrowth(folder: string): void {
  const points = SETS.map((sets) => {
    const input = join(folder, `grow-${sets}`);
    const documents = writeManySets(input, sets);
    const command: Commands = { all: [BUNDLE, 'validate', input] };
    const [wallMs = Number.NaN] = compare(command, 3);
    const memory = peakMiB([BUNDLE, 'validate', input]);
    console.log(`${documents} documents: ${(wallMs / 1000).toFixed(2)} s, ${memory.toFixed(0)} MiB`);
    return { thousands: documents / 1000, seconds: wallMs / 1000 };
  });
  writeFileSync(
    PLOT,
    lineChart({
      title: 'Time of validate by documents',
      x: 'thousands of documents',
      y: 'seconds',
      lines: [
        {
          name: 'all checks',
          color: '#2f6fdf',
          points: points.map(({ thousands, seconds }) => [thousands, seconds] as const),
        },
      ],
    }),
  );
}
