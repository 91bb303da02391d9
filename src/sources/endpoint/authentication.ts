import { randomBytes } from 'node:crypto';
import type { Exchange } from '../../core/endpoint-facts.ts';
import { defineEndpointFact, type EndpointView, headersOf } from './endpoint-fact.ts';
import { requestOf } from './observe-activity.ts';

/** Asks without the credentials that the caller gave, and with wrong ones of the same form. */
export const authenticationFact = defineEndpointFact({
  fact: 'authentication',
  async observe(view) {
    const { client, metricsClient, live, ready, metrics } = view;
    const given = headersOf(view);
    const credentials = Object.entries(given).filter(([name]) => isCredential(name));
    if (credentials.length === 0) return { given: false };
    const others = Object.fromEntries(Object.entries(given).filter(([name]) => !isCredential(name)));
    const wrong = Object.fromEntries(credentials.map(([name, value]) => [name, wrongFor(name, value)]));
    const health: Exchange[] = [];
    for (const path of new Set([live?.path, ready?.path]))
      if (path !== undefined)
        health.push(await client.exchange('GET', path, { anonymous: true, headers: others, lastOnConnection: true }));
    return {
      given: true,
      question: await askWithout(view, others, wrong),
      health,
      metrics:
        metrics === undefined || metricsClient !== client
          ? undefined
          : await client.exchange('GET', metrics.path, { anonymous: true, headers: others, maxBytes: 4096 }),
    };
  },
});

async function askWithout(
  { options, client }: EndpointView,
  others: Readonly<Record<string, string>>,
  wrong: Readonly<Record<string, string>>,
) {
  if (options.ask === undefined) return undefined;
  const { method, path, headers, body } = requestOf(options.ask);
  const send = (credentials: Readonly<Record<string, string>>) =>
    client.exchange(method, path, {
      anonymous: true,
      headers: { ...others, ...headers, ...credentials },
      ...(body === undefined ? {} : { body }),
      patient: true,
    });
  return { without: await send({}), wrong: await send(wrong) };
}

/** By the name of the header: what else is sent with a question, such as a tenant, is needed to be understood at all. */
function isCredential(name: string): boolean {
  return /^authorization$|^cookie$|^proxy-authorization$|api-?key|token|secret|credential|password/i.test(name);
}

/** Of the same scheme, or cookies of the same names, so that it is refused for its value. */
function wrongFor(name: string, value: string): string {
  const made = randomBytes(12).toString('hex');
  if (name === 'cookie') return value.replaceAll(/=[^;]*/g, `=qna-ready-${made}`);
  const [, scheme] = /^(\S+)\s+\S/.exec(value) ?? [];
  if (scheme?.toLowerCase() === 'basic') return `Basic ${Buffer.from(`qna-ready:${made}`).toString('base64')}`;
  return scheme === undefined ? `qna-ready-${made}` : `${scheme} qna-ready-${made}`;
}
