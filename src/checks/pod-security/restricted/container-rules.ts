import type { Path } from '../../../core/location.ts';
import type { Change } from '../../../core/mend.ts';
import type { Container, PodSpec } from '../../../core/objects.ts';
import type { WorkloadContainer } from '../../../kubernetes/workload.ts';
import { type Breach, isWindows } from './breach.ts';
import { breachesOfContext } from './context-rules.ts';

/** What a container breaks by its own settings. */
export function breachesOfContainer({ container, subject, path, workload }: WorkloadContainer): readonly Breach[] {
  const context = container.securityContext;
  const inContext = [...path, 'securityContext'];
  const { add = [], drop = [] } = context?.capabilities ?? {};
  const breaches: Breach[] = [...breachesOfContext(subject, context, inContext)];
  const breach = (at: Path, message: string, observed: string, expected: string, change?: Change): void => {
    breaches.push({ subject, at, message, observed, expected, ...(change === undefined ? {} : { change }) });
  };
  const isAlone = context?.privileged !== true && !add.includes('SYS_ADMIN');
  if (context?.privileged === true)
    breach([...inContext, 'privileged'], 'The container is privileged.', 'privileged true', 'privileged false');
  if (!isWindows(workload.spec)) {
    if (context?.allowPrivilegeEscalation !== false)
      breach(
        [...inContext, 'allowPrivilegeEscalation'],
        'A process of the container may gain privileges.',
        context?.allowPrivilegeEscalation === true ? 'allowPrivilegeEscalation true' : 'no allowPrivilegeEscalation',
        'allowPrivilegeEscalation false',
        context?.allowPrivilegeEscalation == null && isAlone
          ? { do: 'set', path: [...inContext, 'allowPrivilegeEscalation'], value: false }
          : undefined,
      );
    if (!drop.includes('ALL'))
      breach(
        [...inContext, 'capabilities', 'drop'],
        'The container keeps capabilities of root.',
        drop.length === 0 ? 'drops none' : `drops ${drop.join(', ')}`,
        'capabilities.drop [ALL]',
        // Whoever is not root has none of them to lose.
        isAlone && add.length === 0 && runsAsNonRoot(workload.spec, container)
          ? { do: 'append', path: [...inContext, 'capabilities', 'drop'], value: 'ALL' }
          : undefined,
      );
    const added = add.filter((capability) => capability !== 'NET_BIND_SERVICE');
    if (added.length > 0)
      breach(
        [...inContext, 'capabilities', 'add'],
        'The container adds capabilities.',
        `adds ${added.join(', ')}`,
        'none but NET_BIND_SERVICE',
      );
  }
  if (context?.procMount != null && context.procMount !== 'Default')
    breach(
      [...inContext, 'procMount'],
      'The container sees more of /proc than is its own.',
      `procMount ${context.procMount}`,
      'Default',
    );
  (container.ports ?? []).forEach((port, index) => {
    const { hostPort = 0 } = port as typeof port & { readonly hostPort?: number };
    if (hostPort !== 0)
      breach(
        [...path, 'ports', index, 'hostPort'],
        'The container takes a port of its node.',
        `hostPort ${hostPort}`,
        'no hostPort',
      );
  });
  for (const { at, host } of hostsOf(container))
    breach(
      [...path, ...at, 'host'],
      'A probe or hook names a host, so the kubelet can be made to ask any machine.',
      `host ${host}`,
      'no host',
    );
  return breaches;
}

function runsAsNonRoot({ securityContext: ofPod }: PodSpec, { securityContext: own }: Container): boolean {
  return (own?.runAsNonRoot ?? ofPod?.runAsNonRoot) === true && (own?.runAsUser ?? ofPod?.runAsUser) !== 0;
}

interface Handler {
  readonly httpGet?: { readonly host?: string };
  readonly tcpSocket?: { readonly host?: string; readonly port?: number | string };
}

/** The hosts in probes and hooks, which the standard forbids since Kubernetes 1.34. */
function hostsOf(container: Container): readonly { readonly at: Path; readonly host: string }[] {
  const { postStart, preStop } = (container.lifecycle ?? {}) as {
    readonly postStart?: Handler;
    readonly preStop?: Handler;
  };
  const handlers: readonly (readonly [Path, Handler | undefined])[] = [
    [['livenessProbe'], container.livenessProbe],
    [['readinessProbe'], container.readinessProbe],
    [['startupProbe'], container.startupProbe],
    [['lifecycle', 'postStart'], postStart],
    [['lifecycle', 'preStop'], preStop],
  ];
  return handlers.flatMap(([at, handler]) =>
    (['httpGet', 'tcpSocket'] as const).flatMap((kind) => {
      const host = handler?.[kind]?.host ?? '';
      return host === '' ? [] : [{ at: [...at, kind], host }];
    }),
  );
}
