import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { moduleFolder } from './go-module.ts';

/**
 * Completes the module that builds Traefik. Its certificate library brings a hundred DNS vendors, some of whose modules
 * no proxy has; a copy that knows no vendor is made beside the module, where its go.mod expects it.
 */
export function prepareTraefik(sources: string, folder: string): void {
  const certificates = moduleFolder(join(sources, 'go.mod'), 'github.com/go-acme/lego/v5');
  const copy = join(sources, 'lego');
  cpSync(certificates, copy, { recursive: true, filter: (path) => isWanted(path.slice(certificates.length)) });
  const providers = join(copy, 'providers', 'dns', 'zz_gen_dns_providers.go');
  rmSync(providers, { force: true });
  cpSync(join(sources, 'lego-dns-providers.go.txt'), providers);

  const gateway = moduleFolder(join(sources, 'go.mod'), 'sigs.k8s.io/gateway-api');
  mkdirSync(join(folder, 'gateway-api'));
  cpSync(join(gateway, 'config', 'crd', 'standard'), join(folder, 'gateway-api'), { recursive: true });
}

/** Programs, tests and the vendors' own folders are left out. */
function isWanted(path: string): boolean {
  if (path.endsWith('_test.go') || ['/cmd', '/e2e', '/main.go', '/zz_gen_version.go'].includes(path)) return false;
  const isVendor = /^\/providers\/[^/]+$/.test(dirname(path)) && !basename(path).endsWith('.go');
  return !isVendor;
}
