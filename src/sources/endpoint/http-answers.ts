import { randomBytes } from 'node:crypto';
import { defineEndpointFact, type EndpointView } from './endpoint-fact.ts';

/**
 * Asks as a script on somebody else's site would, and the same page with compression and without. Only GET: what a preflight would
 * allow is told by its answer too.
 */
export const httpAnswersFact = defineEndpointFact({
  fact: 'httpAnswers',
  async observe(view) {
    const { client, metricsClient, metrics, options } = view;
    const path = pathToAsk(view);
    const stranger = `https://qna-ready-${randomBytes(4).toString('hex')}.example`;
    const crossOrigin = [];
    for (const origin of [stranger, 'null'])
      crossOrigin.push({ origin, answer: await client.exchange('GET', path, { headers: { origin }, maxBytes: 4096 }) });
    const hasPage = metrics?.exchange.status === 200;
    const page = hasPage ? metrics.path : path;
    const ask = (encoding: string) =>
      (hasPage ? metricsClient : client).exchange('GET', page, {
        headers: { 'accept-encoding': encoding },
        maxBytes: PAGE_LIMIT,
      });
    const compression = { plain: await ask('identity'), packed: await ask('gzip, br') };
    return { crossOrigin, compression, version: client.version(), wantsHttp2: options.http2 ?? false };
  },
});

const PAGE_LIMIT = 4 * 1024 * 1024;

/**
 * The path of the question is what scripts want. GET is refused there, and the headers stand on the refusal too; where GET is how to
 * ask, it would be asked again, and cost again.
 */
function pathToAsk({ options: { ask }, live }: EndpointView): string {
  return ask !== undefined && ask.method !== 'GET' ? ask.path : (live?.path ?? '/');
}
