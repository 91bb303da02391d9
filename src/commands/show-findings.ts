import { CHECKS } from '../checks/index.ts';
import type { Snapshot } from '../core/facts.ts';
import type { ReportFinding } from '../core/report.ts';
import { kubectlCommands } from '../kubernetes/kubectl-command.ts';

/**
 * Gives the command that shows a finding of a live cluster with kubectl. A large cluster has a hundred thousand findings, and a
 * person reads a few of them, so each command is made when somebody asks for it.
 */
export function commandsFor(snapshots: readonly Snapshot[]): (finding: ReportFinding) => string | undefined {
  const clusters = snapshots
    .filter(({ source }) => source === 'cluster')
    .map((snapshot) => ({
      lead: snapshot.label === undefined ? '' : `${snapshot.label}: `,
      commandOf: kubectlCommands(snapshot),
    }));
  const needs = new Map(CHECKS.map((check) => [check.id, check.needs]));
  return (finding) => {
    const { source, subject, where, check, command } = finding;
    if (command !== undefined) return command;
    // A waiver can be written on a live object too.
    const isOfWaiver = !needs.has(check) && where !== undefined && 'object' in where;
    if (source !== 'cluster' && !isOfWaiver) return undefined;
    for (const { lead, commandOf } of clusters) {
      if (!subject.startsWith(lead)) continue;
      const shown = commandOf({
        subject: subject.slice(lead.length),
        ...(where === undefined ? {} : { where }),
        check: { id: check, needs: needs.get(check) ?? [] },
      });
      if (shown !== undefined) return shown;
    }
    return undefined;
  };
}

/** The same findings, each with its command. */
export function withCommands(
  findings: readonly ReportFinding[],
  commandOf: (finding: ReportFinding) => string | undefined,
): readonly ReportFinding[] {
  return findings.map((finding) => {
    const command = commandOf(finding);
    if (command === undefined || command === finding.command) return finding;
    const { fix, docs, waiver, ...evidence } = finding;
    return {
      ...evidence,
      command,
      ...(fix === undefined ? {} : { fix }),
      ...(docs === undefined ? {} : { docs }),
      ...(waiver === undefined ? {} : { waiver }),
    };
  });
}
