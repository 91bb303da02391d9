import type { Facts } from '../../core/facts.ts';
import type { Path } from '../../core/location.ts';
import type { Settings } from '../../core/settings.ts';
import { type EnvSetting, portSettingOf } from '../../kubernetes/environment.ts';
import { resolvePort, servicesBefore, targetOf } from '../../kubernetes/service-ports.ts';
import { containersOf, type Workload, type WorkloadContainer } from '../../kubernetes/workload.ts';

/** The container of a service that takes the traffic of its Service, and the port that it is told to listen on. */
export interface ServingContainer {
  readonly container: WorkloadContainer;
  readonly told: (EnvSetting & { readonly port: number | undefined }) | undefined;
}

type PortFacts = Pick<Facts, 'services' | 'configMaps'>;

/** The container that a Service's targetPort leads to, else the one that is told a PORT, else the first. */
export function servingContainer(
  workload: Workload,
  facts: PortFacts,
  settings: Pick<Settings, 'aliases'>,
): ServingContainer | undefined {
  const main = containersOf(workload).filter(({ role }) => role === 'main');
  const behind = servicesBefore(workload, facts.services).flatMap(({ object }) =>
    (object.spec?.ports ?? []).map((port) => resolvePort(targetOf(port), workload).container),
  );
  const container =
    main.find((candidate) => portSettingOf(candidate, facts.configMaps, settings) !== undefined) ??
    main.find(({ path }) => behind.some((found) => found?.path.join() === path.join())) ??
    main[0];
  if (container === undefined) return undefined;
  const said = portSettingOf(container, facts.configMaps, settings) ?? argumentOf(container);
  return {
    container,
    told: said && { ...said, port: /^\d+$/.test(said.value?.trim() ?? '') ? Number(said.value) : undefined },
  };
}

/** Services that are not ours take the port as an argument: `--port 8000`, `--bind 0.0.0.0:8000`. */
function argumentOf({ container, path }: WorkloadContainer): EnvSetting | undefined {
  for (const field of ['args', 'command'] as const) {
    const words = (container[field] ?? []).join(' ');
    const value = /(?:^|\s)--(?:port|bind|listen|http-port)[= ](?:[\w.*[\]:]*:)?(\d+)(?:\s|$)/.exec(words)?.[1];
    const at: Path = [...path, field];
    if (value !== undefined) return { value, source: field, path: at };
  }
  return undefined;
}
