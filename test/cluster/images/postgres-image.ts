import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { CACHE } from '../cache.ts';
import { madeOnce } from '../made-once.ts';
import { debianBase } from './debian-base.ts';
import { writeImageLayout } from './image-layout.ts';
import { postgresPrograms } from './postgres-wheel.ts';
import { run } from './run-command.ts';

const MAJOR = '18';
const HOME = `usr/lib/postgresql/${MAJOR}`;
const DATA = `/var/lib/postgresql/${MAJOR}/docker`;
const ENTRYPOINT = join(import.meta.dirname, 'postgres-entrypoint.sh');

/** An image of PostgreSQL under the official image's contract, as an OCI image layout. */
export async function postgresImage(): Promise<string> {
  const base = await debianBase();
  const programs = await postgresPrograms();
  const hash = createHash('sha256').update(basename(programs)).update(readFileSync(ENTRYPOINT));
  hash.update(readFileSync(import.meta.filename));
  return madeOnce(join(CACHE, 'images', `postgres-${hash.digest('hex').slice(0, 16)}`), async (layout) => {
    const work = mkdtempSync(join(tmpdir(), 'qna-postgres-'));
    try {
      const root = join(work, 'root');
      cpSync(programs, join(root, HOME), { recursive: true, verbatimSymlinks: true });
      await addLibraries(root, join(base, 'rootfs.tar'));
      addContract(root);
      const archive = join(work, 'layer.tar');
      await run('tar', ['--create', '--numeric-owner', '--owner=0', '--group=0', '--file', archive, '-C', root, '.']);
      writeImageLayout(layout, {
        layers: [readFileSync(join(base, 'rootfs.tar')), readFileSync(archive)],
        entrypoint: ['docker-entrypoint.sh'],
        command: ['postgres'],
        env: [
          `PATH=/${HOME}/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`,
          `PGDATA=${DATA}`,
          'PGHOST=/var/run/postgresql',
          'LANG=C.UTF-8',
          `PG_MAJOR=${MAJOR}`,
        ],
        stopSignal: 'SIGINT',
      });
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  });
}

/** Libraries of this machine that the base image lacks; an unversioned folder of the loader, so it needs no cache. */
async function addLibraries(root: string, baseArchive: string): Promise<void> {
  const inBase = new Set((await run('tar', ['-tf', baseArchive])).split('\n').map((path) => basename(path)));
  for (const program of ['postgres', 'psql', 'pg_dump']) {
    const lines = (await run('ldd', [join(root, HOME, 'bin', program)])).split('\n');
    for (const line of lines) {
      const [, name = '', path = ''] = /^\s*(\S+) => (\/\S+)/.exec(line) ?? [];
      if (name === '' || inBase.has(name) || path.startsWith(root)) continue;
      const target = join(root, 'usr/lib/x86_64-linux-gnu', name);
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(path, target);
    }
  }
}

function addContract(root: string): void {
  const write = (path: string, content: string, mode = 0o644) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content, { mode });
  };
  write('usr/local/bin/docker-entrypoint.sh', readFileSync(ENTRYPOINT, 'utf8'), 0o755);
  // initdb wants its own user's name; manifests run it as 10001, the official image as 999.
  const users = ['root:x:0:0:root:/root:/bin/bash', 'postgres:x:999:999::/var/lib/postgresql:/bin/bash'];
  write('etc/passwd', `${[...users, 'qna:x:10001:10001::/var/lib/postgresql:/bin/bash'].join('\n')}\n`);
  write('etc/group', 'root:x:0:\npostgres:x:999:\nqna:x:10001:\n');
  const sample = join(HOME, 'share', 'postgresql.conf.sample');
  const settings = "\nlisten_addresses = '*'\nunix_socket_directories = '/var/run/postgresql'\n";
  write(sample, `${readFileSync(join(root, sample), 'utf8')}${settings}`);
  for (const path of ['var/lib/postgresql', 'run/postgresql', 'docker-entrypoint-initdb.d']) {
    mkdirSync(join(root, path), { recursive: true });
    chmodSync(join(root, path), 0o1777);
  }
}
