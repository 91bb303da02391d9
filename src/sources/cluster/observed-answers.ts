import type { Exchange } from '../../core/endpoint-facts.ts';
import type { Observed } from '../../core/facts.ts';
import type { PodAnswer } from './ask-pod.ts';

type WithAnswer<T> = Omit<T, 'answer' | 'unreachable'> & { readonly answer: PodAnswer };

/**
 * What pods answered, as a fact. A pod that has gone since is none of it; where the API server lets nobody ask at all, there is no
 * fact.
 */
export function observedAnswers<T extends { readonly answer: Observed<Exchange>; readonly unreachable: boolean }>(
  answers: readonly WithAnswer<T>[],
  gaps: readonly string[],
): Observed<readonly T[]> {
  const present = answers.filter(({ answer }) => answer.kind !== 'gone');
  const forbidden = present.flatMap(({ answer }) =>
    answer.kind === 'refused' && answer.status === 403 ? [answer.reason] : [],
  );
  if (forbidden[0] !== undefined && present.every(({ answer }) => answer.kind !== 'answer'))
    return { seen: false, reason: forbidden[0] };
  const value = present.map((each) => ({ ...each, ...observed(each.answer) }) as unknown as T);
  const incomplete = [...new Set(gaps)].join('; ');
  return { seen: true, value, ...(incomplete === '' ? {} : { incomplete }) };
}

function observed(answer: PodAnswer): { readonly answer: Observed<Exchange>; readonly unreachable: boolean } {
  const unreachable = answer.kind === 'unreachable';
  if (answer.kind === 'answer') return { answer: { seen: true, value: answer.exchange }, unreachable };
  return { answer: { seen: false, reason: answer.kind === 'gone' ? 'it has gone' : answer.reason }, unreachable };
}
