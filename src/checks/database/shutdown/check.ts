import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Container } from '../../../core/objects.ts';
import { databaseImage } from '../../../kubernetes/database-image.ts';
import { ROLE_FACTS } from '../../../kubernetes/roles.ts';
import type { Workload } from '../../../kubernetes/workload.ts';
import { databaseContainer, databasesOf } from '../../storage/databases.ts';
import { orNotApplicable } from '../../verdicts.ts';

const DEFAULT_GRACE_SECONDS = 30;
/** A checkpoint writes out what is in memory; the documentation of the official image speaks of 90 seconds. */
const MIN_GRACE_SECONDS = 60;
const MENDED_GRACE_SECONDS = 120;

type Fault = Pick<Verdict, 'message' | 'observed' | 'expected' | 'where' | 'mend'>;

export const databaseShutdownCheck = defineCheck({
  id: 'database/shutdown',
  title: 'The database that is told to stop ends its clients, writes out what it has, and is not killed meanwhile',
  severity: 'warning',
  why: 'A database that is killed recovers at its next start, which takes as long as the outage that nobody planned. PostgreSQL that gets SIGTERM waits for its clients until it is killed, and with SIGQUIT it ends as if it had crashed.',
  how: 'terminationGracePeriodSeconds of each database, 30 where it is not written, is at least 60. For PostgreSQL the signal is SIGINT, which is what the official image asks for: no stopSignal names another one, no preStop hook stops it with the mode smart or immediate, and no shell without exec stands in front of it and keeps the signal to itself.',
  fix: 'Set terminationGracePeriodSeconds: 120, give arguments in args instead of a shell in command, and leave the signal to the image.',
  mends: 'terminationGracePeriodSeconds: 120 where there is less than a minute.',
  verify:
    "kubectl get statefulset NAME -o jsonpath='{.spec.template.spec.terminationGracePeriodSeconds} {.spec.template.spec.containers[0].command}'",
  references: [
    'https://www.postgresql.org/docs/current/server-shutdown.html',
    'https://github.com/docker-library/docs/blob/master/postgres/README.md#stop-timeout-and-stop-signal',
    'https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/',
  ],
  needs: ROLE_FACTS,
  evaluate: (facts, settings) => orNotApplicable(databasesOf(facts, settings).flatMap(judge), 'There is no database.'),
});

function judge(workload: Workload): readonly Verdict[] {
  const { resource, spec, specPath } = workload;
  const found = databaseContainer(workload);
  if (found === undefined) return [];
  const { container, path } = found;
  const subject = resource.ref;
  const grace = spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS;
  const faults: Fault[] = [];
  if (grace < MIN_GRACE_SECONDS)
    faults.push({
      message: 'It is killed before it may have written out what is in memory.',
      where: resource.locate([...specPath, 'terminationGracePeriodSeconds']),
      observed: `${spec.terminationGracePeriodSeconds ?? `${DEFAULT_GRACE_SECONDS} (the default)`} s`,
      expected: `at least ${MIN_GRACE_SECONDS} s`,
      mend: {
        resource,
        changes: [{ do: 'set', path: [...specPath, 'terminationGracePeriodSeconds'], value: MENDED_GRACE_SECONDS }],
      },
    });
  if (databaseImage(container.image)?.product === 'PostgreSQL')
    for (const { field, ...fault } of postgresFaults(container))
      faults.push({ ...fault, where: resource.locate([...path, ...field]) });
  if (faults.length > 0) return faults.map((fault) => ({ outcome: 'fail', subject, ...fault }));
  return [
    {
      outcome: 'pass',
      subject,
      message: 'It has the time to stop, and is told so as it should be.',
      where: resource.locate([...specPath, 'terminationGracePeriodSeconds']),
      observed: `${grace} s`,
    },
  ];
}

function postgresFaults({ command = [], lifecycle }: Container): readonly (Omit<Fault, 'where'> & {
  readonly field: readonly string[];
})[] {
  const hook = (lifecycle?.preStop?.exec?.command ?? []).join(' ');
  const mode = /(?:-m|--mode)[ =]?(smart|immediate)\b/.exec(hook)?.[1];
  const signal = lifecycle?.stopSignal;
  const script = command.join(' ');
  const isShell = /^(?:\/(?:usr\/)?bin\/)?(?:ba|da|a)?sh$/.test(command[0] ?? '');
  return [
    ...(signal === undefined || signal === 'SIGINT'
      ? []
      : [
          {
            field: ['lifecycle', 'stopSignal'],
            message: 'It is stopped with a signal that does not mean a fast shutdown to PostgreSQL.',
            observed: `stopSignal ${signal}`,
            expected: 'SIGINT',
          },
        ]),
    ...(mode === undefined
      ? []
      : [
          {
            field: ['lifecycle', 'preStop'],
            message:
              mode === 'smart'
                ? 'The hook waits for every client to go by itself.'
                : 'The hook ends it as if it had crashed.',
            observed: `a preStop hook with the mode ${mode}`,
            expected: 'the mode fast',
          },
        ]),
    ...(isShell && !/\bexec\s/.test(script)
      ? [
          {
            field: ['command'],
            message: 'A shell stands in front of it, and does not pass the signal to stop on.',
            observed: `command ${command[0]} without exec`,
            expected: 'args alone, or exec before the last command',
          },
        ]
      : []),
  ];
}
