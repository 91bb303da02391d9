import type { EdgeHandshake, TlsHandshake } from '../../core/edge-facts.ts';
import type { Observed } from '../../core/facts.ts';
import { nameUnder, type TlsHost, tlsHostsOf } from '../../kubernetes/tls-hosts.ts';
import { askPlainHttp } from '../http/ask-plain-http.ts';
import { createClient, type Via } from '../http/client.ts';
import { detourFor } from '../http/detour.ts';
import { observeTls } from '../http/observe-tls.ts';
import { isLoopbackAddress, isRefusedAddress } from '../http/refused-addresses.ts';
import { alertOf, RequestFailure } from '../http/request-failure.ts';
import { parseTarget } from '../http/target.ts';
import { inTurns } from './in-turns.ts';
import { defineLiveFact, gapsOf, type LiveView, listedObjects, withGaps } from './live-fact.ts';

const MAX_HOSTS = 50;
const MAX_ADDRESSES = 4;
const AT_ONCE = 4;
/** For each connection: an edge that takes longer is no edge that callers wait for. */
const TIMEOUT_MS = 5_000;

/**
 * A handshake with every host that the edge serves over TLS, from where the run is made, at the address that the cluster
 * tells: the name of the host itself is never looked up, for it may lead elsewhere.
 */
export const edgeHandshakesFact = defineLiveFact({
  fact: 'edgeHandshakes',
  from: ['ingresses', 'gateways', 'httpRoutes'],
  rules: [],
  async observe(view): Promise<Observed<readonly EdgeHandshake[]>> {
    const [ingresses, gateways, routes] = [
      listedObjects(view, 'ingresses'),
      listedObjects(view, 'gateways'),
      listedObjects(view, 'httpRoutes'),
    ];
    const hosts = tlsHostsOf(
      ingresses.seen ? ingresses.value : [],
      gateways.seen ? gateways.value : [],
      routes.seen ? routes.value : [],
    );
    const gaps = gapsOf([ingresses, gateways, routes]);
    if (hosts.length > MAX_HOSTS) gaps.push(`the handshakes with ${hosts.length - MAX_HOSTS} more hosts`);
    const silent = new Map<string, string>();
    const handshakes = await inTurns(hosts.slice(0, MAX_HOSTS), AT_ONCE, (host) => shakeHands(host, view, silent));
    return withGaps(handshakes, gaps);
  },
});

/** In `silent` stand the addresses at which nothing was reached, each with its reason: other hosts need not wait for them again. */
async function shakeHands(asked: TlsHost, view: LiveView, silent: Map<string, string>): Promise<EdgeHandshake> {
  const { resource, host, addresses, at } = asked;
  const { ref } = resource;
  const servedBy = { subject: `${ref} host ${host ?? '*'}`, where: resource.locate(at) };
  const notSeen = (reason: string) => ({ host: host ?? '*', servedBy, handshake: { seen: false, reason } }) as const;
  if (host === undefined) return notSeen(`${ref} serves every host and names none that could be asked for`);
  if (!/^(?:\*\.)?[a-z0-9.-]+$/i.test(host)) return notSeen(`${ref} names a host that is no name`);
  if (addresses.length === 0) return notSeen(`no controller has given ${ref} an address yet`);
  const name = nameUnder(host);
  const failures: string[] = [];
  for (const address of addresses.slice(0, MAX_ADDRESSES)) {
    const via = detourFor(view.options.connectTo, name, { address, port: asked.port });
    const place = `${via.address} port ${via.port}`;
    const known = silent.get(place);
    if (known !== undefined) {
      failures.push(`${address}: ${known}`);
      continue;
    }
    try {
      refuseForeign(via.address, via.address !== address, view.server);
      const value = await observeAt(asked, name, address, via, view);
      return { host, servedBy, handshake: { seen: true, value } };
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      const refusal = alertOf(error);
      if (refusal !== undefined) return { ...notSeen(error.reason), refusal: `${refusal} from ${address}` };
      if (error.kind !== 'broken') silent.set(place, error.reason);
      failures.push(`${address}: ${error.reason}`);
    }
  }
  return notSeen(`the edge cannot be reached from here (${failures.join('; ')}); say how with --connect-to`);
}

async function observeAt(
  { port, path }: TlsHost,
  host: string,
  address: string,
  via: Via,
  { options: { ca, connectTo }, signal }: LiveView,
): Promise<TlsHandshake> {
  const about = { timeoutMs: TIMEOUT_MS, signal };
  const handshake = await observeTls({ host, port, ca, via, ...about });
  const plainVia = detourFor(connectTo, host, { address, port: 80 });
  // Where a detour leads to TLS and none to port 80, that port is as far away as the other was.
  const isNear = via.address === address || plainVia.address !== address;
  const plainHttp = port === 443 && isNear ? await askPlainHttp({ host, path, via: plainVia, ...about }) : undefined;
  const client = createClient({
    target: parseTarget(`https://${host}:${port}/`),
    headers: {},
    // No credential is sent, and the certificate is judged by the handshake.
    insecure: true,
    ca: undefined,
    via,
    ...about,
  });
  try {
    const { headers } = await client.exchange('GET', path, { maxBytes: 1024 });
    return { ...handshake, plainHttp, strictTransportSecurity: headers['strict-transport-security'] };
  } catch (error) {
    if (!(error instanceof RequestFailure)) throw error;
    return { ...handshake, plainHttp, strictTransportSecurity: undefined };
  } finally {
    await client.close();
  }
}

/** A cluster must not lead whoever looks at it to the credentials of a cloud, nor to their own machine where it is not there itself. */
function refuseForeign(address: string, isOwnWish: boolean, server: string): void {
  if (isRefusedAddress(address))
    throw new RequestFailure('unreachable', address, 'it is a link-local or metadata address, which is never asked');
  if (isOwnWish || !isLoopbackAddress(address) || isLoopbackAddress(new URL(server).hostname)) return;
  throw new RequestFailure('unreachable', address, 'it means the machine that asks, and the cluster is elsewhere');
}
