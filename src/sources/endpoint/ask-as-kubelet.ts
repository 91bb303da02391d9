import type { Exchange, KubeletExchange, SentRequest } from '../../core/endpoint-facts.ts';
import type { Client } from '../http/client.ts';
import { note } from './note-sent.ts';

/** The kubelet follows ten redirects. Three tell a loop as well, and spare the service the others. */
const MOST_HOPS = 4;
const KUBELET_HEADERS = { 'user-agent': 'kube-probe/1.37', accept: '*/*' };

/**
 * Asks once as the kubelet does (`pkg/probe/http`): without credentials, over a connection of its own, following redirects within
 * the host. Those to another port or scheme it follows too; here they are not, since nobody asked for that server.
 */
export async function askAsKubelet(client: Client, path: string, sent: SentRequest[]): Promise<KubeletExchange> {
  const hops: Exchange[] = [];
  let next: { readonly path: string; readonly fromRoot: boolean } = { path, fromRoot: false };
  for (;;) {
    const hop = await client.exchange('GET', next.path, {
      headers: KUBELET_HEADERS,
      anonymous: true,
      fromRoot: next.fromRoot,
      lastOnConnection: true,
    });
    hops.push(hop);
    note(sent, 'known', 'GET', next.path, hop);
    const location = redirectOf(hop);
    if (location === undefined) return { hops };
    const here = new URL(hop.request.slice('GET '.length));
    const there = URL.parse(location, here.href);
    if (there === null) return { hops };
    if (there.hostname !== here.hostname) return { hops, stopped: 'another host' };
    if (there.origin !== here.origin) return { hops, stopped: 'another port or scheme' };
    if (hops.length === MOST_HOPS) return { hops, stopped: 'too many redirects' };
    next = { path: `${there.pathname}${there.search}`, fromRoot: true };
  }
}

function redirectOf({ status, headers }: Exchange): string | undefined {
  return [301, 302, 303, 307, 308].includes(status) ? headers.location : undefined;
}
