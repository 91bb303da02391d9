import type { Probe } from '../../core/objects.ts';
import type { WorkloadContainer } from '../../kubernetes/workload.ts';

/**
 * What a probe asks, in a form that can be compared: a port's name and its number are the same port. Two probes with
 * different names of ports that no container declares stay different.
 */
export function probeTarget(probe: Probe, { container }: WorkloadContainer): string {
  const port = (written: number | string | undefined): string => {
    const named = (container.ports ?? []).find(({ name }) => name !== undefined && name === written);
    return String(named?.containerPort ?? written);
  };
  const { httpGet, tcpSocket, grpc, exec } = probe;
  if (httpGet != null) return `http ${port(httpGet.port)} ${withSlash(httpGet.path)}`;
  if (tcpSocket != null) return `tcp ${port(tcpSocket.port)}`;
  if (grpc != null) return `grpc ${grpc.port} ${grpc.service ?? ''}`;
  return `exec ${JSON.stringify(exec?.command ?? [])}`;
}

/** The kubelet puts the slash before a path that lacks it. */
function withSlash(path: string | undefined): string {
  return path === undefined || path === '' ? '/' : path.startsWith('/') ? path : `/${path}`;
}
