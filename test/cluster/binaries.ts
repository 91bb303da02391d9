import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where builds are kept between runs, outside the work tree. */
export const CACHE = process.env.QNA_TEST_CACHE ?? join(homedir(), '.cache', 'qna-ready');

const SOURCES = join(import.meta.dirname, 'binaries');

/** Kubernetes versions that the harness can build; the first is the default. */
export const KUBERNETES_VERSIONS = ['1.37.2'] as const;
export type KubernetesVersion = (typeof KUBERNETES_VERSIONS)[number];

/** Why nothing can be built here, or undefined where it can. */
export function missingToolchain(): string | undefined {
  const { status, stdout } = spawnSync('go', ['version'], { encoding: 'utf8' });
  if (status !== 0) return 'Go is not installed (https://go.dev/doc/install)';
  const [, major = '0', minor = '0'] = /go(\d+)\.(\d+)/.exec(stdout) ?? [];
  return Number(major) > 1 || Number(minor) >= 26 ? undefined : `Go is ${major}.${minor}, and 1.26 is needed`;
}

/** The program that holds every Kubernetes component, built once for these sources. */
export async function kubernetesBinary(version: KubernetesVersion = KUBERNETES_VERSIONS[0]): Promise<string> {
  const folder = join(SOURCES, 'kubernetes');
  const [major = '', minor = ''] = version.split('.');
  const set = (name: string, value: string) => `-X k8s.io/component-base/version.${name}=${value}`;
  const flags = [
    '-trimpath',
    '-mod=readonly',
    `-ldflags=-s -w ${set('gitVersion', `v${version}`)} ${set('gitMajor', major)} ${set('gitMinor', minor)} ${set('gitTreeState', 'clean')}`,
  ];
  return build(folder, 'kubernetes', flags);
}

async function build(folder: string, name: string, flags: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of ['main.go', 'go.mod', 'go.sum']) hash.update(readFileSync(join(folder, file)));
  hash.update(flags.join('\0'));
  const target = join(CACHE, 'binaries', `${name}-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(target)) return target;
  mkdirSync(join(CACHE, 'binaries'), { recursive: true });
  // Built under a name of its own and renamed when whole: two builds at once, or a killed one, leave nothing half-made.
  const partial = `${target}.${randomUUID()}.partial`;
  const started = Date.now();
  const progress = setInterval(
    () => process.stderr.write(`cluster: building ${name}, ${Math.round((Date.now() - started) / 1000)} s so far\n`),
    30_000,
  );
  process.stderr.write(
    `cluster: building ${name} from Go modules; cold it takes about 10 minutes, and is then kept in ${CACHE}\n`,
  );
  try {
    await go(['build', ...flags, '-o', partial, '.'], folder);
    renameSync(partial, target);
  } finally {
    clearInterval(progress);
    rmSync(partial, { force: true });
  }
  process.stderr.write(`cluster: built ${name} in ${Math.round((Date.now() - started) / 1000)} s\n`);
  return target;
}

function go(args: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('go', [...args], {
      cwd,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '' },
    });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`go ${args[0]} ended with ${code}`))));
  });
}
