import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Completes the module that builds Traefik. Its certificate library brings a hundred DNS vendors, some of whose modules
 * no proxy has; a copy that knows no vendor is made beside the module, where its go.mod expects it.
 */
export function prepareTraefik(sources: string, folder: string): void {
  const certificates = moduleFolder('github.com/go-acme/lego/v5', 'v5.4.1');
  const copy = join(sources, 'lego');
  cpSync(certificates, copy, { recursive: true, filter: (path) => isWanted(path.slice(certificates.length)) });
  const providers = join(copy, 'providers', 'dns', 'zz_gen_dns_providers.go');
  rmSync(providers, { force: true });
  cpSync(join(sources, 'lego-dns-providers.go.txt'), providers);

  const gateway = moduleFolder('sigs.k8s.io/gateway-api', versionIn(sources, 'sigs.k8s.io/gateway-api'));
  mkdirSync(join(folder, 'gateway-api'));
  cpSync(join(gateway, 'config', 'crd', 'standard'), join(folder, 'gateway-api'), { recursive: true });
}

/** Programs, tests and the vendors' own folders are left out. */
function isWanted(path: string): boolean {
  if (path.endsWith('_test.go') || ['/cmd', '/e2e', '/main.go', '/zz_gen_version.go'].includes(path)) return false;
  const isVendor = /^\/providers\/[^/]+$/.test(dirname(path)) && !basename(path).endsWith('.go');
  return !isVendor;
}

function versionIn(sources: string, module: string): string {
  const line = readFileSync(join(sources, 'go.mod'), 'utf8')
    .split('\n')
    .find((candidate) => candidate.trim().startsWith(`${module} `));
  return line?.trim().split(' ')[1] ?? 'latest';
}

function moduleFolder(module: string, version: string): string {
  const answer = execFileSync('go', ['mod', 'download', '-json', `${module}@${version}`], {
    encoding: 'utf8',
    cwd: '/',
  });
  return (JSON.parse(answer) as { readonly Dir: string }).Dir;
}
