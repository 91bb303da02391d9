import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isAllowed } from '../../scripts/third-party.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { CACHE } from '../cluster/cache.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
const node = (...args: readonly string[]) => run(process.execPath, [...args], { cwd: ROOT });

const work = mkdtempSync(join(tmpdir(), 'qna-ready-package-'));
const firstBundle = join(work, 'dist');
/** Where the package is installed; whoever runs it sees this folder and not the repository. */
const installed = join(work, 'installed');
let archive = '';

beforeAll(async () => {
  await node('scripts/build.ts', '--out', firstBundle);
  await node('scripts/package.ts', '--dist', firstBundle, '--out', join(work, 'package'));
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', work, join(work, 'package')]);
  archive = join(work, (JSON.parse(stdout) as readonly { readonly filename: string }[])[0]?.filename ?? '');
  mkdirSync(installed);
  writeFileSync(join(installed, 'package.json'), '{ "type": "module" }');
  // It has no dependencies, so no registry is asked.
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', archive], { cwd: installed });
}, 240_000);

afterAll(() => rmSync(work, { recursive: true, force: true }));

describe('the package', () => {
  it('holds the bundle and what it reads, and nothing of the repository beside', () => {
    const folder = join(installed, 'node_modules/qna-ready');
    expect(readdirSync(folder).sort()).toEqual(
      ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'man', 'package.json', 'schemas', 'templates'].sort(),
    );
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    expect(Object.keys(manifest).filter((key) => /dependencies|scripts/i.test(key))).toEqual([]);
    for (const file of filesBelow(join(folder, 'dist'))) {
      expect(file).toMatch(/\.(?:js|d\.ts)$|^THIRD-PARTY-LICENSES\.txt$|^sbom\.cdx\.json$/);
      expect(readFileSync(join(folder, 'dist', file), 'utf8')).not.toContain(ROOT);
    }
  });

  it('runs every command from a folder of its own', async () => {
    expect(await qnaReady('--version')).toMatchObject({ code: 0, stdout: `${versionOf()}\n` });
    const written = await qnaReady('init', 'project', '--name', 'qna', '--host', 'qna.example.com', '--yes');
    expect(written.code).toBe(0);
    expect((await qnaReady('validate', 'project')).stdout).toContain(' 0 failed, 0 unknown');
    expect((await qnaReady('gate', 'project')).code).toBe(0);
    writeFileSync(
      join(installed, 'bad.yaml'),
      'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { container: [] }\n',
    );
    const broken = await qnaReady('validate', 'bad.yaml', '--report', 'json=before.json');
    expect(broken).toMatchObject({ code: 1, stdout: expect.stringContaining('schema/valid') });
    expect((await qnaReady('diff', 'before.json', 'before.json')).code).toBe(0);
    expect((await qnaReady('history', 'add', 'before.json')).code).toBe(0);
    expect((await qnaReady('history')).stdout).toContain('not ready since');
    expect((await qnaReady('checklist', '--from-report', 'before.json')).code).toBe(1);
    expect((await qnaReady('explain', 'probes/budget')).stdout).toContain('probes/budget');
    expect((await qnaReady('completion', 'bash')).stdout).toContain('complete ');
    const replayed = await qnaReady('audit', '--from', join(ROOT, 'docs/recorded/audit-snapshot.json.gz'));
    expect(replayed).toMatchObject({ code: 0, stdout: expect.stringContaining('Ready') });
  });

  it('probes a service', async () => {
    const server = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const { port } = server.address() as AddressInfo;
    const { code, stdout } = await qnaReady('probe', `http://127.0.0.1:${port}`, '--deadline', '20');
    server.closeAllConnections();
    server.close();
    expect(stdout).toContain('health/');
    expect(code).toBe(1);
  });

  it('is imported by a program', async () => {
    writeFileSync(
      join(installed, 'program.mjs'),
      `import { UserError, validate } from 'qna-ready';
const report = await validate('bad.yaml');
console.log(report.summary.verdict);
await validate(['nothing-here']).catch((error) => console.log(error instanceof UserError));
`,
    );
    writeFileSync(
      join(installed, 'bad.yaml'),
      'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { container: [] }\n',
    );
    const { stdout } = await run(process.execPath, ['program.mjs'], { cwd: installed });
    expect(stdout).toBe('not-ready\ntrue\n');
  });

  const kubectl = keptKubectl();
  it.skipIf(kubectl === undefined)('is a plugin of kubectl', async () => {
    const bin = temporaryFolder();
    writeFileSync(join(bin, 'kubectl'), `#!/bin/sh\nexec ${kubectl} "$@"\n`);
    chmodSync(join(bin, 'kubectl'), 0o755);
    const PATH = [join(installed, 'node_modules/.bin'), bin, dirname(process.execPath), process.env.PATH].join(
      delimiter,
    );
    const shell = (line: string) => run('sh', ['-c', line], { cwd: installed, env: { ...process.env, PATH } });
    expect((await shell('kubectl plugin list')).stdout).toContain('kubectl-qna_ready');
    expect((await shell('kubectl qna-ready --version')).stdout).toBe(`${versionOf()}\n`);
    expect((await shell('kubectl qna-ready validate --help')).stdout).toContain('Usage: kubectl qna-ready validate');
  });

  it('is described for krew with its own digest and a file that is in it', async () => {
    const manifest = parse((await node('scripts/krew-manifest.ts', archive)).stdout);
    expect(manifest).toMatchObject({
      kind: 'Plugin',
      metadata: { name: 'qna-ready' },
      spec: { version: `v${versionOf()}` },
    });
    const { stdout: digest } = await run('sha256sum', [archive]);
    const { stdout: files } = await run('tar', ['-tzf', archive]);
    for (const platform of manifest.spec.platforms) {
      expect(digest).toContain(platform.sha256);
      expect(files.split('\n')).toContain(platform.bin);
    }
  });
});

describe('the bundle', () => {
  it('is the same bytes each time that it is built', async () => {
    const again = join(temporaryFolder(), 'dist');
    await node('scripts/build.ts', '--out', again);
    const files = filesBelow(firstBundle);
    expect(filesBelow(again)).toEqual(files);
    for (const file of files)
      expect(readFileSync(join(again, file)).equals(readFileSync(join(firstBundle, file))), file).toBe(true);
  }, 120_000);

  it('names the licence of every package that it has parts of, with its text', () => {
    const text = readFileSync(join(firstBundle, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    const parts = text.split(`${'-'.repeat(80)}\n`).slice(1);
    expect(parts.length).toBeGreaterThan(30);
    for (const part of parts) {
      const [head = '', ...rest] = part.split('\n');
      expect(isAllowed(/\((.*)\)$/.exec(head)?.[1] ?? ''), head).toBe(true);
      expect(rest.join('').length, head).toBeGreaterThan(200);
    }
  });

  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0)', true],
    ['MIT AND GPL-3.0', false],
    ['GPL-3.0', false],
    ['', false],
  ])('may hold parts under %s: %s', (license, allowed) => {
    expect(isAllowed(license)).toBe(allowed);
  });
});

describe('the list of parts', () => {
  it('is CycloneDX, and names what the bundle is made of', () => {
    const bom = JSON.parse(readFileSync(join(firstBundle, 'sbom.cdx.json'), 'utf8'));
    expect(bom).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      metadata: { component: { name: 'qna-ready', version: versionOf() } },
    });
    const names = bom.components.map(({ name }: { readonly name: string }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['commander', 'yaml', 'ajv', 'undici', '@kubernetes/client-node', 'pg']),
    );
    for (const { name, version, purl } of bom.components)
      expect(purl).toBe(`pkg:npm/${name.replace('@', '%40')}@${version}`);
    expect(new Set(bom.components.map((one: object) => JSON.stringify(one))).size).toBe(names.length);
  });
});

async function qnaReady(...args: readonly string[]) {
  const program = join(installed, 'node_modules/.bin/qna-ready');
  // Nothing of the test's own world: no kubeconfig, no colour, no repository.
  const env = { PATH: [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter), HOME: installed };
  return run(program, [...args], { cwd: installed, env, maxBuffer: 64 * 1024 * 1024 }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { readonly code: number; readonly stdout: string; readonly stderr: string }) => ({
      code: error.code,
      stdout: error.stdout,
      stderr: error.stderr,
    }),
  );
}

/** The words that run the kubectl that the cluster suite keeps; undefined where nobody has built it. */
function keptKubectl(): string | undefined {
  const binaries = join(CACHE, 'binaries');
  const kept = existsSync(binaries)
    ? readdirSync(binaries).find((name) => /^kubernetes-[0-9a-f]+$/.test(name))
    : undefined;
  return kept === undefined ? undefined : `'${join(binaries, kept, 'kubernetes')}' kubectl`;
}

function versionOf(): string {
  return JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version;
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
