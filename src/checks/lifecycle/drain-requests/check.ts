import { defineCheck, type Verdict } from '../../../core/check.ts';
import type { DrainRequest, DrainRun } from '../../../core/run-facts.ts';
import { readinessSaidNoMs, samplesAfter, seconds, withoutOrder } from '../drain.ts';

export const drainRequestsCheck = defineCheck({
  id: 'lifecycle/drain-requests',
  title: 'No request is lost while the service stops',
  severity: 'error',
  why: 'An answer of a model takes seconds. A process that exits with its signal cuts all of those that are open, and the users whose answers they were see an error at every rollout.',
  how: 'While the service stops (--drain-pid, --drain-command), health endpoints are asked over kept connections, and with --ask three questions are open when the order comes. No connection that was accepted may be reset, but for those that meet the closing of the port after readiness has said no; no request may be refused before that, and every open question must be answered whole; an answer in events must end with an event that says so.',
  fix: 'Stop taking connections only after readiness has said no for some seconds, wait for what is under way until shortly before the end of the grace period, and end what must be ended with a last event.',
  verify:
    'Ask a long question with curl -N, run kill -TERM PID meanwhile, and see that curl ends with exit code 0 and a whole answer.',
  references: [
    'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination',
    'https://nodejs.org/api/http.html#servercloseidleconnections',
  ],
  needs: ['drainRun'],
  evaluate: ({ drainRun: run }) => {
    const unseen = withoutOrder(run, 'requests while stopping');
    if (unseen !== undefined) return [unseen];
    const questions = run.requests.filter(({ kind }) => kind === 'question');
    return [
      judgeSteady(
        run,
        run.requests.filter(({ kind }) => kind !== 'question'),
      ),
      ...(questions.length === 0 ? [] : [judgeQuestions(run, questions)]),
    ];
  },
});

function judgeSteady(run: DrainRun, requests: readonly DrainRequest[]): Verdict {
  const noMs = readinessSaidNoMs(run) ?? Number.POSITIVE_INFINITY;
  const closingMs = portClosingMs(run);
  // Where the port closes, the kernel resets what waits to be accepted: no process can answer it, and who asks has been told no.
  const lost = requests.filter(
    ({ failure, sentMs, endedMs }) =>
      (failure === 'reset' && (sentMs < noMs || endedMs < closingMs)) || (failure === 'refused' && sentMs < noMs),
  );
  const [first] = lost;
  const about = {
    subject: 'requests while stopping',
    where: { request: run.ready },
    expected: 'no reset, and none refused before readiness has said no',
  };
  const answered = requests.filter(({ status }) => status !== undefined).length;
  if (first === undefined)
    return {
      ...about,
      outcome: 'pass',
      message: 'Every request that was accepted was answered.',
      observed: `${answered} answers after the order`,
    };
  const resets = lost.filter(({ failure }) => failure === 'reset').length;
  return {
    ...about,
    outcome: 'fail',
    message: `${lost.length} requests were lost: ${resets} by a reset, ${lost.length - resets} refused while readiness had not said no.`,
    observed: `the first, a request for ${first.kind}, ${seconds(first.sentMs - run.orderedMs)} after the order, beside ${answered} answers`,
  };
}

/** When the port was last seen to take connections, before it was seen closed; never where it was not seen closed. */
function portClosingMs(run: DrainRun): number {
  const knocks = samplesAfter(run, 'port');
  const closed = knocks.findIndex(({ words }) => words === 'refused');
  return (closed < 1 ? undefined : knocks[closed - 1]?.atMs) ?? Number.POSITIVE_INFINITY;
}

function judgeQuestions(run: DrainRun, questions: readonly DrainRequest[]): Verdict {
  const about = {
    subject: 'open questions',
    where: { request: run.order },
    expected: 'each answered whole',
  };
  const broken = questions.filter(
    ({ failure, status, sentMs }) =>
      failure !== undefined || (sentMs < run.orderedMs && status !== undefined && status >= 500),
  );
  const [first] = broken;
  if (first !== undefined)
    return {
      ...about,
      outcome: 'fail',
      message: `${broken.length} of ${questions.length} questions that were open at the order to stop were not answered.`,
      observed: `${first.failure ?? `status ${first.status}`}, ${seconds(first.endedMs - run.orderedMs)} after the order`,
    };
  const open = questions.filter(({ lastEvent }) => lastEvent === 'unknown').length;
  if (open > 0)
    return {
      ...about,
      outcome: 'unknown',
      message: `${open} of ${questions.length} answers ended without an event that is known to end one, so that a reader cannot tell whether they are whole.`,
    };
  return {
    ...about,
    outcome: 'pass',
    message: `All ${questions.length} questions that were open at the order were answered.`,
    observed: `the last ${seconds(Math.max(...questions.map(({ endedMs }) => endedMs)) - run.orderedMs)} after the order`,
  };
}
