import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CACHE } from '../cache.ts';
import { madeOnce } from '../made-once.ts';
import { debianBase } from './debian-base.ts';
import { run } from './run-command.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const ROOT = join(import.meta.dirname, '..', '..', '..');

/** What the image is made of, as git knows it: tracked and new files, without what is ignored. */
const INPUTS = ['Dockerfile', '.dockerignore', 'package.json', 'package-lock.json', 'service'];

/** The service's image, built from the project's own Dockerfile, as an OCI image layout; kept until an input changes. */
export async function serviceImage(): Promise<string> {
  forgetOldImages();
  const base = await debianBase();
  return madeOnce(join(CACHE, 'images', `service-${hashOfInputs()}`), async (layout) => {
    const started = Date.now();
    process.stderr.write("cluster: building the service's image from the Dockerfile\n");
    const work = mkdtempSync(join(tmpdir(), 'qna-buildah-'));
    const storage = ['--root', join(work, 'root'), '--runroot', join(work, 'run'), '--storage-driver', 'vfs'];
    const build = (tag: string, context: string, ...args: readonly string[]) =>
      run('buildah', [...storage, 'bud', '--isolation', 'chroot', '--pull-never', '--tag', tag, ...args, context]);
    try {
      await build(baseOfDockerfile(), nodeContext(join(work, 'node'), base));
      mkdirSync(join(homedir(), '.npm'), { recursive: true });
      const cache = ['--volume', `${join(homedir(), '.npm')}:/root/.npm`];
      await build('qna-ready.test/service', ROOT, '--target', 'service', ...cache);
      await run('buildah', [...storage, 'push', 'qna-ready.test/service', `oci:${layout}:service`]);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
    process.stderr.write(`cluster: built the service's image in ${Math.round((Date.now() - started) / 1000)} s\n`);
  });
}

/** Every change of the service makes another image; those that nobody has made for a day go. */
function forgetOldImages(): void {
  const folder = join(CACHE, 'images');
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith('service-')) : [];
  for (const path of names.map((name) => join(folder, name)))
    if (Date.now() - statSync(path).mtimeMs > DAY_MS) rmSync(path, { recursive: true, force: true });
}

/** A build context for what the Dockerfile's FROM names: Debian, this project's Node.js, and npm. */
function nodeContext(folder: string, base: string): string {
  mkdirSync(folder);
  const npm = dirname(dirname(realpathSync(execFileSync('which', ['npm'], { encoding: 'utf8' }).trim())));
  cpSync(join(base, 'rootfs.tar'), join(folder, 'rootfs.tar'));
  cpSync(join(ROOT, 'node_modules', 'node', 'bin', 'node'), join(folder, 'node'), { dereference: true });
  cpSync(npm, join(folder, 'npm'), { recursive: true, dereference: true });
  cpSync(join(import.meta.dirname, 'npm-in-base.sh'), join(folder, 'npm-in-base.sh'));
  writeFileSync(join(folder, 'npmrc'), 'cafile=/etc/ssl/certs/ca-certificates.crt\n');
  const lines = [
    'FROM scratch',
    'ADD rootfs.tar /',
    'COPY node /usr/local/bin/node',
    'COPY npm /usr/local/lib/node_modules/npm',
    'COPY npmrc /usr/local/etc/npmrc',
    'COPY --chmod=755 npm-in-base.sh /usr/local/bin/npm',
  ];
  writeFileSync(join(folder, 'Dockerfile'), lines.join('\n'));
  return folder;
}

function baseOfDockerfile(): string {
  const [, image = ''] = /^FROM (\S+)/m.exec(readFileSync(join(ROOT, 'Dockerfile'), 'utf8')) ?? [];
  return `docker.io/library/${image}`;
}

function hashOfInputs(): string {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '-z', '--', ...INPUTS];
  const files = execFileSync('git', list, { cwd: ROOT, encoding: 'utf8' }).split('\0').filter(Boolean);
  const hash = createHash('sha256').update(process.version);
  for (const file of files.filter((name) => existsSync(join(ROOT, name))).sort())
    hash.update(`\0${file}\0`).update(readFileSync(join(ROOT, file)));
  return hash.digest('hex').slice(0, 16);
}
