import type { Probe } from '../../core/objects.ts';
import { redact } from '../../kubernetes/redact.ts';

/** One line on what a probe asks, for evidence: `httpGet /health/ready on port http every 5 s`. */
export function describeProbe(probe: Probe): string {
  const period = `every ${probe.periodSeconds ?? 10} s`;
  if (probe.httpGet !== undefined)
    return `httpGet ${probe.httpGet.path ?? '/'} on port ${probe.httpGet.port} ${period}`;
  if (probe.tcpSocket !== undefined) return `tcpSocket on port ${probe.tcpSocket.port} ${period}`;
  if (probe.grpc !== undefined) return `grpc on port ${probe.grpc.port} ${period}`;
  // A command line can hold a password, and evidence is shown to everybody.
  return `exec ${redact(probe.exec?.command ?? []).join(' ')} ${period}`;
}
