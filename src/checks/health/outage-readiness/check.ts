import { defineCheck, type Verdict } from '../../../core/check.ts';
import type { OutageRun } from '../../../core/run-facts.ts';
import { stateOf } from '../../../core/timeline.ts';
import { isWell, type OutagePhases, phasesOf, seconds, withoutOutage } from '../outage.ts';

export const healthOutageReadinessCheck = defineCheck({
  id: 'health/outage-readiness',
  title: 'Readiness turns with the dependency, and back',
  severity: 'error',
  why: 'A service that stays ready while its database is away gets traffic that it can only answer with errors; one that does not become ready again by itself prolongs the outage until somebody restarts it.',
  how: 'With --outage-command and --recover-command the readiness endpoint is asked four times a second as the kubelet asks. It must say no within the time in which the kubelet would take the Pod out (three failed probes ten seconds apart, so 30 s, or --outage-bound), by an answer and not by silence; it must keep saying no, and say yes again within the same time after the recovery. The times that it took are told.',
  fix: 'Let readiness ask the dependency over a connection of its own, with a budget well below the one second of the kubelet, and connect anew by itself when the dependency is back.',
  verify:
    'Stop the database in a test environment and run: while sleep 1; do curl -s -o /dev/null -m 1 -w "%{http_code}\\n" http://HOST/health/ready; done. Start it again and see the answers return.',
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
    'https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/',
  ],
  needs: ['outageRun'],
  evaluate: ({ outageRun: run }) => {
    const phases = phasesOf(run, 'readiness');
    const about = { subject: 'readiness during the outage', where: { request: run.ready } };
    const unseen = withoutOutage(run, phases, about);
    if (unseen !== undefined) return [unseen];
    // What never said no cannot come back.
    const isMoved = phases.during.some((sample) => !isWell(sample));
    return [judgeDetection(run, phases), ...(isMoved ? [judgeRecovery(run, phases)] : [])];
  },
});

function judgeDetection(run: OutageRun, { during }: OutagePhases): Verdict {
  const about = {
    subject: 'readiness during the outage',
    where: { request: run.ready },
    expected: `503 within ${seconds(run.boundMs)}, until the dependency is back`,
  };
  const nth = during.findIndex((sample) => !isWell(sample));
  const first = during[nth];
  if (first === undefined)
    return {
      ...about,
      outcome: 'fail',
      message: 'Readiness never said no while the dependency was away: traffic kept coming.',
      observed: `never in ${during.length} answers over ${seconds(run.recovery.startedMs - run.outage.startedMs)}`,
    };
  const tookMs = first.atMs + first.durationMs - run.outage.startedMs;
  const observed = `${stateOf(first)}, ${seconds(tookMs)} after the outage command began`;
  const answered = during.slice(nth).find((sample) => !isWell(sample) && sample.status !== undefined);
  if (answered === undefined)
    return stateOf(first) === 'refused'
      ? {
          ...about,
          outcome: 'fail',
          message: 'The port was closed while the dependency was away: the process goes down with it.',
          observed,
        }
      : {
          ...about,
          outcome: 'fail',
          severity: 'warning',
          message:
            'Readiness gave no answer while the dependency was away: its look at the dependency has no budget of its own.',
          observed,
        };
  const wavers = during.slice(nth).find((sample) => isWell(sample) && sample.atMs < run.recovery.startedMs);
  if (wavers !== undefined)
    return {
      ...about,
      outcome: 'fail',
      severity: 'warning',
      message: 'Readiness wavered: it said yes while the dependency was still away.',
      observed: `${observed}; ${stateOf(wavers)} again ${seconds(wavers.atMs - run.outage.startedMs)} after it`,
    };
  return { ...about, outcome: 'pass', message: `Readiness said no after ${seconds(tookMs)}.`, observed };
}

function judgeRecovery(run: OutageRun, { during, after }: OutagePhases): Verdict {
  const about = {
    subject: 'readiness after the recovery',
    where: { request: run.ready },
    expected: `a success within ${seconds(run.boundMs)}`,
  };
  const { recovery } = run;
  if (recovery.ended !== 0)
    return {
      ...about,
      outcome: 'unknown',
      message: `The recover command ended with ${recovery.ended}, so that the dependency may still be away.`,
    };
  const samples = [...during.filter(({ atMs }) => atMs >= recovery.startedMs), ...after];
  const first = samples.find(isWell);
  if (first === undefined)
    return {
      ...about,
      outcome: 'fail',
      message: 'Readiness did not come back with the dependency: the service has to be restarted.',
      observed: `${stateOf(samples.at(-1) ?? { atMs: 0, durationMs: 0 })}, ${seconds((samples.at(-1)?.atMs ?? recovery.endedMs) - recovery.endedMs)} after the recover command ended`,
    };
  const tookMs = first.atMs + first.durationMs - recovery.startedMs;
  return {
    ...about,
    outcome: 'pass',
    message: `Readiness came back after ${seconds(tookMs)}.`,
    observed: `${stateOf(first)}, ${seconds(tookMs)} after the recover command began`,
  };
}
