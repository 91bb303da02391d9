import type { Verdict } from '../../core/check.ts';
import type { EdgeHandshake, TlsHandshake } from '../../core/edge-facts.ts';

/** Judges each host with which hands were shaken, and says of the others that nothing is known. */
export function judgeEachHost(
  hosts: readonly EdgeHandshake[],
  judge: (handshake: TlsHandshake, isCluster: boolean) => readonly Verdict[],
): readonly Verdict[] {
  return hosts.flatMap(({ host, servedBy, handshake, refusal }): readonly Verdict[] => {
    // A cluster has many hosts, a URL has one.
    const subject = servedBy?.subject ?? host;
    const where = servedBy === undefined ? {} : { where: servedBy.where };
    if (!handshake.seen)
      return [
        {
          outcome: 'unknown',
          subject,
          message: `No handshake could be made for ${host}: ${refusal ?? handshake.reason}.`,
          ...where,
        },
      ];
    return judge(handshake.value, servedBy !== undefined).map((verdict) =>
      servedBy === undefined ? verdict : { ...verdict, subject: `${servedBy.subject}: ${verdict.subject}` },
    );
  });
}

/** What a snapshot of before this question says. */
export function notAsked({ serverName }: TlsHandshake): readonly Verdict[] {
  return [
    {
      outcome: 'unknown',
      subject: `certificate of ${serverName}`,
      message: 'The snapshot was recorded before this was asked; record it anew.',
    },
  ];
}
