import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from './cache.ts';
import { DEFAULT_KUBERNETES, type KubernetesVersion, patchVersion } from './kubernetes-versions.ts';
import { madeOnce } from './made-once.ts';
import { moduleFolder } from './node/go-module.ts';
import { prepareTraefik } from './node/traefik-sources.ts';

const SOURCES = join(import.meta.dirname, 'binaries');

/** Why nothing can be built here, or undefined where it can. */
export function missingToolchain(): string | undefined {
  const { status, stdout } = spawnSync('go', ['version'], { encoding: 'utf8' });
  if (status !== 0) return 'Go is not installed; version 1.26 or later is needed (https://go.dev/doc/install)';
  const [, major = '0', minor = '0'] = /go(\d+)\.(\d+)/.exec(stdout) ?? [];
  const recent = Number(major) > 1 || Number(minor) >= 26;
  return recent ? undefined : `Go is ${major}.${minor}, and 1.26 or later is needed (https://go.dev/doc/install)`;
}

/** The program that holds every Kubernetes component of one version. */
export async function kubernetesBinary(version: KubernetesVersion): Promise<string> {
  const [major = '', minor = ''] = version.split('.');
  const set = (name: string, value: string) => `-X k8s.io/component-base/version.${name}=${value}`;
  const stamp = [
    set('gitVersion', `v${patchVersion(version)}`),
    set('gitMajor', major),
    set('gitMinor', minor),
    set('gitTreeState', 'clean'),
  ].join(' ');
  const folder = await build(`kubernetes ${patchVersion(version)}`, 'kubernetes', {
    packages: '.',
    linkerFlags: stamp,
    modfile: version === DEFAULT_KUBERNETES ? 'go.mod' : `go-${version}.mod`,
  });
  return join(folder, 'kubernetes');
}

/** The folder with containerd, its shim for runc, and ctr. */
export function containerdBinaries(): Promise<string> {
  return build('containerd', 'containerd', { packages: 'tool' });
}

export async function coreDnsBinary(): Promise<string> {
  return join(await build('CoreDNS', 'coredns', { packages: 'tool' }), 'coredns');
}

/** The program that holds a pod's namespaces open. */
export async function pauseBinary(): Promise<string> {
  return join(await build('pause', 'pause', { packages: '.' }), 'pause');
}

/** The folder with Traefik, and with the Gateway API's definitions that it serves. */
export function traefikBinaries(): Promise<string> {
  return build('Traefik', 'traefik', { packages: 'tool', prepare: prepareTraefik });
}

/** The folder with cert-manager's controllers in one program, and with the definitions that they serve. */
export function certManagerBinaries(): Promise<string> {
  return build('cert-manager', 'cert-manager', {
    packages: '.',
    prepare: (sources, folder) => {
      const module = moduleFolder(join(sources, 'go.mod'), 'github.com/cert-manager/cert-manager');
      cpSync(join(module, 'deploy', 'crds'), join(folder, 'crds'), { recursive: true });
    },
  });
}

export async function metricsServerBinary(): Promise<string> {
  return join(await build('metrics-server', 'metrics-server', { packages: 'tool' }), 'metrics-server');
}

/** Prometheus' own linter of metrics pages. */
export async function promtoolBinary(): Promise<string> {
  return join(await build('promtool', 'promtool', { packages: 'tool' }), 'promtool');
}

/** Says of each page of metrics what a scrape and `promtool check metrics` make of it, by Prometheus' own packages. */
export async function expositionOracleBinary(): Promise<string> {
  const folder = await build('the oracle of expositions', 'exposition-oracle', { packages: '.' });
  return join(folder, 'exposition-oracle');
}

/** Renders charts. */
export async function helmBinary(): Promise<string> {
  return join(await build('Helm', 'helm', { packages: 'tool' }), 'helm');
}

export async function kustomizeBinary(): Promise<string> {
  return join(await build('kustomize', 'kustomize', { packages: 'tool' }), 'kustomize');
}

/** The judges of manifests that others use. */
export async function kubeScoreBinary(): Promise<string> {
  return join(await build('kube-score', 'kube-score', { packages: 'tool' }), 'kube-score');
}

export async function kubeconformBinary(): Promise<string> {
  return join(await build('kubeconform', 'kubeconform', { packages: 'tool' }), 'kubeconform');
}

export async function kubectlValidateBinary(): Promise<string> {
  return join(await build('kubectl-validate', 'kubectl-validate', { packages: 'tool' }), 'kubectl-validate');
}

/** The judge of live clusters that others use. */
export async function popeyeBinary(): Promise<string> {
  return join(await build('Popeye', 'popeye', { packages: 'tool' }), 'popeye');
}

interface BuildOptions {
  /** Completes a copy of the sources with what cannot be committed; gives further files to keep beside the programs. */
  readonly prepare?: (sources: string, folder: string) => void;
  /** What to build of the module: `.`, or `tool` for all the commands that its go.mod names. */
  readonly packages: '.' | 'tool';
  readonly linkerFlags?: string;
  readonly modfile?: string;
}

async function build(
  title: string,
  module: string,
  { packages, linkerFlags = '', modfile = 'go.mod', prepare }: BuildOptions,
): Promise<string> {
  const sources = join(SOURCES, module);
  const flags = ['-trimpath', '-mod=readonly', `-modfile=${modfile}`, `-ldflags=-s -w ${linkerFlags}`.trim()];
  return madeOnce(join(CACHE, 'binaries', `${module}-${hashOf(sources, modfile, flags)}`), async (folder) => {
    const started = Date.now();
    const seconds = () => Math.round((Date.now() - started) / 1000);
    process.stderr.write(
      `cluster: building ${title} from Go modules, which can take minutes; it is kept in ${CACHE}\n`,
    );
    const progress = setInterval(
      () => process.stderr.write(`cluster: building ${title}, ${seconds()} s so far\n`),
      30_000,
    );
    try {
      const copy = join(folder, 'sources');
      if (prepare !== undefined) {
        cpSync(sources, copy, { recursive: true });
        prepare(copy, folder);
      }
      await go(['build', ...flags, '-o', `${folder}/`, packages], prepare === undefined ? sources : copy);
      rmSync(copy, { recursive: true, force: true });
    } finally {
      clearInterval(progress);
    }
    process.stderr.write(`cluster: built ${title} in ${seconds()} s\n`);
  });
}

function hashOf(sources: string, modfile: string, flags: readonly string[]): string {
  const hash = createHash('sha256').update(flags.join('\0')).update(`${process.platform} ${process.arch}`);
  const sums = modfile.replace(/\.mod$/, '.sum');
  const everything = readdirSync(sources, { recursive: true, encoding: 'utf8' });
  const files = everything.filter((file) => /\.(go|txt)$|\/go\.mod$/.test(file) || file === modfile || file === sums);
  for (const file of files.sort()) hash.update(`\0${file}\0`).update(readFileSync(join(sources, file)));
  return hash.digest('hex').slice(0, 16);
}

function go(args: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('go', args, {
      cwd,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' },
    });
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`go build ended with ${code}; its reason stands above.`)),
    );
  });
}
