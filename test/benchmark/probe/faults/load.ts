import { problem, QUESTION } from '../base-service.ts';
import type { Fault } from '../fault.ts';
import type { Answer, Part, Service } from '../service.ts';
import { changing } from './changes.ts';

/** How long a question is in the hands of the service. */
const ANSWER_MS = 200;
/** Ten questions are in hand at once where they are answered as they come. */
const LOAD: readonly string[] = ['--load', '50', '--load-duration', '1', '--load-request', QUESTION, '--timeout', '2'];
const UNDER_LOAD = '6.5';

/** What only many requests at once show; one at a time are answered well. */
export const LOAD_FAULTS: readonly Fault[] = [
  fault('one-at-a-time', 'Questions are answered one after another, whoever else waits.', /\d × too slow/, () => {
    let freeAt = 0;
    return (answer) => {
      const now = performance.now();
      freeAt = Math.max(now, freeAt) + ANSWER_MS;
      return { ...answer, afterMs: freeAt - now };
    };
  }),
  fault('breaks-under-load', 'More than four questions at once are answered with 500.', /\d × 5/, () =>
    beyond(4, () => problem(500, 'Internal Server Error')),
  ),
  fault(
    'refuses-without-retry-after',
    'More than four questions at once are refused, and nobody is told when to come again.',
    /\d × 4/,
    () => beyond(4, () => problem(429, 'Too Many Requests')),
  ),
  {
    name: 'readiness-waits-for-questions',
    tells: 'Readiness waits for a connection that questions hold, so load alone takes the service out of traffic.',
    item: '2.2',
    check: 'missed',
    says: /readiness.*(?:load|questions)/i,
    breaks: (base) => {
      const inHand = counter();
      return {
        ...base,
        ask: slowly(base.ask, (answer) => {
          inHand();
          return { ...answer, afterMs: ANSWER_MS };
        }),
        ready: changing(base.ready, (answer) => ({ ...answer, afterMs: Math.max(0, inHand.now() - 2) * ANSWER_MS })),
      };
    },
    asks: true,
  },
];

function fault(name: string, tells: string, says: RegExp, change: () => (answer: Answer) => Answer): Fault {
  const breaks = (base: Service): Service => ({ ...base, ask: slowly(base.ask, change()) });
  return { name, tells, item: UNDER_LOAD, check: 'load/errors', says, breaks, asks: true, args: LOAD };
}

/** Changes the answers to questions that are answered well. */
function slowly(ask: Part, change: (answer: Answer) => Answer): Part {
  return changing(ask, (answer) => (answer.status === 200 ? change(answer) : answer));
}

/** Answers so many at once, and refuses the others. */
function beyond(most: number, refused: () => Answer): (answer: Answer) => Answer {
  const inHand = counter();
  return (answer) => (inHand() > most ? refused() : { ...answer, afterMs: ANSWER_MS });
}

/** Notes one more question; gives how many are in hand. */
function counter(): { (): number; now(): number } {
  let ends: readonly number[] = [];
  const now = () => {
    ends = ends.filter((end) => end > performance.now());
    return ends.length;
  };
  return Object.assign(
    () => {
      ends = [...ends, performance.now() + ANSWER_MS];
      return now();
    },
    { now },
  );
}
