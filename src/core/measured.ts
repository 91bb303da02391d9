import type { Exchange } from './endpoint-facts.ts';
import type { Snapshot } from './facts.ts';

/** What was measured of an endpoint beside the verdicts, for whoever keeps figures over time. */
export interface Measured {
  /** How long the whole observation took, in milliseconds. */
  readonly tookMs?: number;
  /** Of the first request, whose connection was made for it. */
  readonly phasesMs?: Exchange['phasesMs'];
  /** Of the readiness endpoint, at its first answer. */
  readonly httpStatus?: number;
  /** Whether it is spoken to over TLS. */
  readonly tls: boolean;
  /** Such as `TLSv1.3`. */
  readonly tlsVersion?: string;
  /** The end of the first certificate to end, in ISO 8601. */
  readonly certificateEnds?: string;
}

/** Undefined for what is no endpoint. */
export function measuredOf({ source, target, facts, tookMs }: Snapshot): Measured | undefined {
  if (source !== 'endpoint') return undefined;
  const { liveEndpoint: live, readyEndpoint: ready, edgeHandshakes: edge } = facts;
  const phasesMs = live?.seen === true ? live.value.samples[0]?.phasesMs : undefined;
  const httpStatus = ready?.seen === true ? ready.value.samples[0]?.status : undefined;
  const shaken =
    edge?.seen === true ? edge.value.flatMap(({ handshake }) => (handshake.seen ? handshake.value : [])) : [];
  const certificateEnds = shaken
    .map(({ validTo }) => validTo)
    .filter((end) => !Number.isNaN(Date.parse(end)))
    .toSorted()[0];
  const tlsVersion = shaken[0]?.protocol;
  return {
    tls: target.startsWith('https:'),
    ...(tookMs === undefined ? {} : { tookMs }),
    ...(phasesMs === undefined ? {} : { phasesMs }),
    ...(httpStatus === undefined ? {} : { httpStatus }),
    ...(tlsVersion === undefined ? {} : { tlsVersion }),
    ...(certificateEnds === undefined ? {} : { certificateEnds }),
  };
}
