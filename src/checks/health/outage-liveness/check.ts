import { defineCheck } from '../../../core/check.ts';
import { stateOf } from '../../../core/timeline.ts';
import { isWell, phasesOf, seconds, withoutOutage } from '../outage.ts';

export const healthOutageLivenessCheck = defineCheck({
  id: 'health/outage-liveness',
  title: 'Liveness does not move while a dependency is away',
  severity: 'error',
  why: 'A liveness probe that fails with the database restarts every replica during an outage of the database, and the back-off of those restarts prolongs the outage after the database is back. Only an outage shows it: a body can name no dependency and still wait for one.',
  how: 'With --outage-command and --recover-command the liveness endpoint is asked four times a second, each time over a connection of its own and for one second as the kubelet waits, before, during and after the outage. Every answer must be a success.',
  fix: 'Let the liveness endpoint answer from memory, on a way that no pool of connections and no queue of requests can block, and move every look at a dependency to readiness.',
  verify:
    'Stop the database in a test environment and run: while sleep 1; do curl -s -o /dev/null -m 1 -w "%{http_code}\\n" http://HOST/health/live; done.',
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
    'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes',
  ],
  needs: ['outageRun'],
  evaluate: ({ outageRun: run }) => {
    const phases = phasesOf(run, 'liveness');
    const about = {
      subject: 'liveness during the outage',
      where: { request: run.live },
      expected: `a success within ${run.answerMs} ms, every time`,
    };
    const unseen = withoutOutage(run, phases, about);
    if (unseen !== undefined) return [unseen];
    const samples = [...phases.during, ...phases.after];
    const ill = samples.filter((sample) => !isWell(sample));
    const [first] = ill;
    const slowest = samples.reduce((max, { durationMs }) => Math.max(max, durationMs), 0);
    if (first !== undefined)
      return [
        {
          ...about,
          outcome: 'fail',
          message: `Liveness moved with the dependency: ${ill.length} of ${samples.length} answers were no success. The kubelet restarts the container for that.`,
          observed: `${stateOf(first)}, ${seconds(first.atMs - run.outage.startedMs)} after the outage command began`,
        },
      ];
    return [
      {
        ...about,
        outcome: samples.length > 0 ? 'pass' : 'unknown',
        message: samples.length > 0 ? 'Liveness never moved.' : 'Liveness was not asked during the outage.',
        observed: `${samples.length} answers, the slowest after ${slowest} ms`,
      },
    ];
  },
});
