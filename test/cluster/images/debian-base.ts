import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from '../cache.ts';
import { madeOnce } from '../made-once.ts';
import { run } from './run-command.ts';

const SUITE = 'bookworm';
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** A folder with `rootfs.tar`: the smallest Debian, as the official slim images have it. Made once, in about a minute. */
export function debianBase(): Promise<string> {
  return madeOnce(join(CACHE, 'images', `debian-${SUITE}-1`), async (folder) => {
    process.stderr.write('cluster: making a Debian base image, about a minute\n');
    const root = join(folder, 'root');
    await run('debootstrap', ['--variant=minbase', SUITE, root]);
    for (const path of ['usr/share/doc', 'usr/share/man', 'usr/share/locale', 'var/lib/apt/lists', 'var/cache/apt'])
      for (const name of readdirSync(join(root, path)))
        rmSync(join(root, path, name), { recursive: true, force: true });
    // What this machine trusts when it installs packages, a build within the image trusts too.
    mkdirSync(join(root, 'etc/ssl/certs'), { recursive: true });
    if (existsSync(CERTIFICATES)) cpSync(CERTIFICATES, join(root, CERTIFICATES), { dereference: true });
    await run('tar', ['--create', '--numeric-owner', '--file', join(folder, 'rootfs.tar'), '--directory', root, '.']);
    rmSync(root, { recursive: true, force: true });
  });
}
