import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONFIG_MAP, DEPLOYMENT, SERVICE } from './manifests.ts';
import { temporaryFolder } from './temporary-folder.ts';

const BIN = join(import.meta.dirname, '../../bin/qna-ready.ts');
const NO_NETWORK = join(import.meta.dirname, 'no-network.mjs');

describe('the program as a process', () => {
  it('opens no socket while it validates, whatever the kubeconfig says', () => {
    const cwd = temporaryFolder({ 'all.yaml': `${DEPLOYMENT}---\n${SERVICE}` });
    const { status, stderr } = start(['--import', NO_NETWORK, BIN, 'validate', '.'], cwd);
    expect(stderr).toBe('');
    expect(status).toBe(1);
  });

  it('is stopped by that same guard where it does reach out, so the guard is no ornament', () => {
    const { status } = start(['--import', NO_NETWORK, BIN, 'probe', 'http://127.0.0.1:9'], temporaryFolder());
    expect(status).toBe(99);
  });

  it('delivers a report larger than a pipe, whole', () => {
    const many = Array.from({ length: 400 }, (_, n) =>
      `${DEPLOYMENT}---\n${SERVICE}---\n`.replaceAll('qna', `qna-${n}`),
    ).join('');
    const { stdout, status } = start([BIN, 'validate', '.', '--report', 'json'], temporaryFolder({ 'all.yaml': many }));
    expect(stdout.length).toBeGreaterThan(200_000);
    expect(() => JSON.parse(stdout)).not.toThrow();
    expect(status).toBe(1);
  });

  it('writes no colour into a pipe, nor under NO_COLOR, and does under FORCE_COLOR', () => {
    const cwd = temporaryFolder({ 'all.yaml': CONFIG_MAP });
    const colour = '\u001b[';
    expect(start([BIN, 'validate', '.'], cwd).stdout).not.toContain(colour);
    expect(start([BIN, 'validate', '.'], cwd, { FORCE_COLOR: '1' }).stdout).toContain(colour);
    expect(start([BIN, 'validate', '.', '--no-color'], cwd, { FORCE_COLOR: '1' }).stdout).not.toContain(colour);
  });

  it('prints its version and its help, with the exit codes', () => {
    expect(start([BIN, '--version'], temporaryFolder()).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    for (const command of [[], ['init'], ['validate'], ['audit'], ['probe'], ['checklist'], ['gate']]) {
      const { stdout, status } = start([BIN, ...command, '--help'], temporaryFolder());
      expect(stdout).toContain('Exit codes:');
      expect(stdout).toContain('Examples:');
      expect(status).toBe(0);
    }
  });
});

function start(args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}) {
  const { PATH, HOME } = process.env;
  return spawnSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    env: { PATH, HOME, NODE_DISABLE_COMPILE_CACHE: '1', ...env },
    maxBuffer: 64 * 1024 * 1024,
  });
}
