import { CHECKS } from '../checks/index.ts';
import { UserError } from '../core/errors.ts';
import type { Report } from '../core/report.ts';
import type { ComparingOptions } from './comparing-options.ts';
import type { Io } from './io.ts';
import { judgeRun } from './judge.ts';
import { readPolicy } from './policy.ts';
import { refusingSpoilt, withGaps } from './replay.ts';
import { withCommands } from './show-findings.ts';

/** Judges what `audit --save` kept as this version judges it, and as of its recording; undefined for what is no snapshot. */
export async function judgeSnapshot(
  bytes: Uint8Array,
  name: string,
  options: Pick<ComparingOptions, 'config' | 'failOn' | 'allowUnknown' | 'verbose'>,
  io: Io,
): Promise<Report | undefined> {
  if (!looksLikeSnapshot(bytes)) return undefined;
  const { readSnapshots } = await import('../sources/replay/read-snapshot.ts');
  const snapshots = readSnapshots(bytes, name).map((snapshot) => withGaps(snapshot, CHECKS));
  const recordedAt = snapshots[0]?.recordedAt;
  if (recordedAt === undefined)
    throw new UserError(`${name} does not tell when it was recorded, so it cannot be put before or after anything.`, {
      hint: 'Record it anew with: qna-ready audit --save FILE.',
    });
  const policy = await readPolicy(options, [io.cwd], io);
  const run = { command: 'audit', checks: CHECKS, snapshots, startedAt: new Date(recordedAt) };
  let report: Report | undefined;
  await refusingSpoilt(name, async () => {
    const judged = judgeRun(run, { ...options, only: [], skip: [], apps: [], reports: [] }, policy);
    report = { ...judged.report, findings: withCommands(judged.report.findings, judged.commandOf) };
    return 0;
  });
  return report;
}

/** A compressed file is one, since reports are written as they are; otherwise the first field tells. */
function looksLikeSnapshot(bytes: Uint8Array): boolean {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return true;
  return /^\s*\{\s*"qnaReadySnapshot"/.test(Buffer.from(bytes.subarray(0, 1024)).toString('utf8'));
}
