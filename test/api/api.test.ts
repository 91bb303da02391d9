import { describe, expect, it } from 'vitest';
import { audit, checklist, probe, UserError, validate } from '../../src/index.ts';
import { DEPLOYMENT } from '../cli/manifests.ts';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';

const SNAPSHOT = new URL('../../docs/recorded/audit-snapshot.json.gz', import.meta.url).pathname;

describe('what programs import', () => {
  it('judges files as the command does', async () => {
    const cwd = temporaryFolder({ 'all.yaml': DEPLOYMENT });
    const told = JSON.parse((await runCli(['validate', '.', '--report', 'json'], { cwd })).stdout);
    const report = await validate('.', { cwd });
    expect(report.findings).toEqual(told.findings);
    expect(report.summary).toEqual(told.summary);
  });

  it('judges a snapshot as the command does', async () => {
    const told = JSON.parse((await runCli(['audit', '--from', SNAPSHOT, '--report', 'json'])).stdout);
    expect(await audit({ from: SNAPSHOT })).toEqual(told);
  });

  it('rejects with UserError for what a person can mend', async () => {
    await expect(validate('absent/', { cwd: temporaryFolder() })).rejects.toBeInstanceOf(UserError);
    await expect(probe([])).rejects.toBeInstanceOf(UserError);
    await expect(checklist()).rejects.toBeInstanceOf(UserError);
  });

  it('is ended by its signal, with the reason of that', async () => {
    const reason = new Error('enough');
    await expect(validate('.', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
