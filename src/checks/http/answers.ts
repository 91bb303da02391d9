import type { HttpAnswers } from '../../core/edge-facts.ts';
import type { Exchange, HealthExchanges } from '../../core/endpoint-facts.ts';

/** The facts that hold what a service answered to requests of different kinds. */
export const ANSWER_FACTS = ['liveEndpoint', 'readyEndpoint', 'errorAnswers', 'httpAnswers'] as const;

export interface AnswerFacts {
  readonly liveEndpoint: HealthExchanges;
  readonly readyEndpoint: HealthExchanges;
  readonly errorAnswers: readonly Exchange[];
  readonly httpAnswers: HttpAnswers;
}

/** One answer of each kind that a service was brought to give. */
export function differentAnswers({
  liveEndpoint,
  readyEndpoint,
  errorAnswers,
  httpAnswers,
}: AnswerFacts): readonly Exchange[] {
  const all = [
    ...liveEndpoint.samples.slice(0, 1),
    ...readyEndpoint.samples.slice(0, 1),
    ...errorAnswers,
    ...httpAnswers.crossOrigin.slice(0, 1).map(({ answer }) => answer),
  ];
  return [...new Map(all.map((answer) => [nameOf(answer), answer])).values()];
}

/** The request as people know it: the unknown paths are made up anew in each run. */
export function nameOf({ request }: Exchange): string {
  return request.replaceAll(/qna-ready-[0-9a-f]+/g, '(unknown path)');
}
