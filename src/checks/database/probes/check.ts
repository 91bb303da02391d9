import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Probe } from '../../../core/objects.ts';
import { databaseImage } from '../../../kubernetes/database-image.ts';
import { ROLE_FACTS } from '../../../kubernetes/roles.ts';
import { databaseContainer, databasesOf } from '../../storage/databases.ts';
import { orNotApplicable } from '../../verdicts.ts';

export const databaseProbesCheck = defineCheck({
  id: 'database/probes',
  title: 'The database is ready when it answers over TCP, as its clients ask it',
  severity: 'warning',
  why: 'While the official image initialises, a temporary server answers on the socket only: a probe by the socket calls the database ready too early. Without a user pg_isready makes no attempt at all under a user id that has no name.',
  how: 'The container that runs the database has a readinessProbe. For PostgreSQL it runs pg_isready with a host (-h), a user (-U) and a database (-d). A tcpSocket probe only shows that a port is open, which weighs as a note; another command counts as a probe of its own.',
  fix: 'readinessProbe: { exec: { command: [pg_isready, -h, 127.0.0.1, -U, USER, -d, DATABASE] } }.',
  verify: 'kubectl exec NAME-0 -- pg_isready -h 127.0.0.1 -U USER -d DATABASE',
  references: [
    'https://www.postgresql.org/docs/current/app-pg-isready.html',
    'https://github.com/docker-library/docs/blob/master/postgres/README.md#initialization-scripts',
  ],
  needs: ROLE_FACTS,
  evaluate: (facts, settings) =>
    orNotApplicable(
      databasesOf(facts, settings).flatMap((workload): readonly Verdict[] => {
        const found = databaseContainer(workload);
        if (found === undefined) return [];
        const { container, subject, path } = found;
        const fault = faultOf(container.readinessProbe, databaseImage(container.image)?.product);
        const where = workload.resource.locate([...path, 'readinessProbe']);
        if (fault === undefined)
          return [
            {
              outcome: 'pass',
              subject,
              message: 'The database is asked as its clients ask it.',
              where,
              observed: commandOf(container.readinessProbe),
            },
          ];
        return [{ outcome: 'fail', subject, where, expected: 'pg_isready -h 127.0.0.1 -U USER -d DATABASE', ...fault }];
      }),
      'There is no database.',
    ),
});

type Fault = Pick<Verdict, 'message' | 'observed' | 'severity'>;

function faultOf(probe: Probe | undefined, product: string | undefined): Fault | undefined {
  if (probe == null)
    return { message: 'The database says to nobody whether it is ready.', observed: 'no readinessProbe' };
  if (product === 'MySQL') return undefined;
  if (probe.tcpSocket != null)
    return {
      severity: 'note',
      message: 'An open port is taken for a database that answers.',
      observed: `tcpSocket on port ${probe.tcpSocket.port}`,
    };
  if (probe.httpGet != null)
    return { message: 'A database does not answer HTTP.', observed: `httpGet on port ${probe.httpGet.port}` };
  const command = commandOf(probe);
  if (!/\bpg_isready\b/.test(command)) return undefined;
  const lacking = (
    [
      ['-h', /\s(?:-h|--host)/],
      ['-U', /\s(?:-U|--username)/],
      ['-d', /\s(?:-d|--dbname)/],
    ] as const
  ).filter(([, pattern]) => !pattern.test(command));
  const [first] = lacking;
  if (first === undefined) return undefined;
  return {
    message:
      first[0] === '-h'
        ? 'pg_isready asks over the socket, where the server that only initialises answers too.'
        : `pg_isready is not told ${lacking.map(([flag]) => (flag === '-U' ? 'the user' : 'the database')).join(' and ')}.`,
    observed: command,
  };
}

function commandOf(probe: Probe | undefined): string {
  if (probe?.exec == null) return probe?.tcpSocket == null ? 'a probe' : `tcpSocket ${probe.tcpSocket.port}`;
  return (probe.exec.command ?? []).join(' ');
}
