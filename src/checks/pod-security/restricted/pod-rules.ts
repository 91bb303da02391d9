import type { Volume } from '../../../core/objects.ts';
import type { Workload } from '../../../kubernetes/workload.ts';
import type { Breach, HardenedContext } from './breach.ts';
import { breachesOfContext } from './context-rules.ts';

const VOLUME_TYPES: ReadonlySet<string> = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

/** Settings of the kernel that are a pod's own, or that cannot hurt others; the newest joined with Kubernetes 1.32. */
const SAFE_SYSCTLS: ReadonlySet<string> = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
]);

const APPARMOR_ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';

/** What a pod breaks by itself, whatever its containers say. */
export function breachesOfPod({ resource, spec, specPath, template }: Workload): readonly Breach[] {
  const subject = resource.ref;
  const context: HardenedContext = spec.securityContext ?? {};
  return [
    ...(['hostNetwork', 'hostPID', 'hostIPC'] as const)
      .filter((field) => spec[field] === true)
      .map((field) => ({
        subject,
        at: [...specPath, field],
        message: `The pod shares a namespace of its node: ${field}.`,
        observed: `${field} true`,
        expected: `no ${field}`,
      })),
    ...(spec.volumes ?? []).flatMap((volume, index) => {
      const type = typeOf(volume);
      if (type === undefined || VOLUME_TYPES.has(type)) return [];
      return [
        {
          subject: `${subject} volume ${volume.name ?? `#${index}`}`,
          at: [...specPath, 'volumes', index, type],
          message: `Volumes of the type ${type} are not allowed.`,
          observed: type,
          expected: `one of ${[...VOLUME_TYPES].join(', ')}`,
        },
      ];
    }),
    ...(context.sysctls ?? []).flatMap(({ name = '' }, index) =>
      SAFE_SYSCTLS.has(name)
        ? []
        : [
            {
              subject,
              at: [...specPath, 'securityContext', 'sysctls', index],
              message: 'The pod sets a kernel parameter that is not among the safe ones.',
              observed: name,
              expected: 'safe parameters only',
            },
          ],
    ),
    ...breachesOfContext(subject, context, [...specPath, 'securityContext']),
    ...Object.entries(template.metadata?.annotations ?? {})
      .filter(
        ([key, value]) =>
          key.startsWith(APPARMOR_ANNOTATION) && value !== '' && !/^(?:runtime\/default|localhost\/.*)$/.test(value),
      )
      .map(([key, value]) => ({
        subject: `${subject} container ${key.slice(APPARMOR_ANNOTATION.length)}`,
        at: [...specPath.slice(0, -1), 'metadata', 'annotations', key],
        message: 'AppArmor is switched off by an annotation.',
        observed: value,
        expected: 'runtime/default or localhost/…',
      })),
  ];
}

function typeOf(volume: Volume): string | undefined {
  return Object.entries(volume).find(([key, value]) => key !== 'name' && value !== undefined && value !== null)?.[0];
}
