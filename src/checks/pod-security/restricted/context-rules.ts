import type { Path } from '../../../core/location.ts';
import type { SecurityContext } from '../../../core/objects.ts';
import type { Breach, HardenedContext } from './breach.ts';

const SELINUX_TYPES: ReadonlySet<string> = new Set([
  '',
  'container_t',
  'container_init_t',
  'container_kvm_t',
  'container_engine_t',
]);

/** The rules that hold for the security context of a pod and of a container alike. */
export function breachesOfContext(subject: string, context: SecurityContext | undefined, at: Path): readonly Breach[] {
  const { appArmorProfile, seLinuxOptions, windowsOptions, runAsUser }: HardenedContext = context ?? {};
  const breaches: Breach[] = [];
  if (runAsUser === 0)
    breaches.push({
      subject,
      at: [...at, 'runAsUser'],
      message: 'It runs as root.',
      observed: 'runAsUser 0',
      expected: 'a user id above zero, or none',
    });
  if (appArmorProfile?.type === 'Unconfined')
    breaches.push({
      subject,
      at: [...at, 'appArmorProfile', 'type'],
      message: 'AppArmor is switched off.',
      observed: 'appArmorProfile Unconfined',
      expected: 'RuntimeDefault, Localhost, or none',
    });
  if (windowsOptions?.hostProcess === true)
    breaches.push({
      subject,
      at: [...at, 'windowsOptions', 'hostProcess'],
      message: 'It runs as a process of the node.',
      observed: 'hostProcess true',
      expected: 'hostProcess false',
    });
  if (seLinuxOptions != null && !SELINUX_TYPES.has(seLinuxOptions.type ?? ''))
    breaches.push({
      subject,
      at: [...at, 'seLinuxOptions', 'type'],
      message: 'It chooses an SELinux type that is not for containers.',
      observed: `type ${seLinuxOptions.type}`,
      expected: 'container_t, container_init_t, container_kvm_t, container_engine_t, or none',
    });
  for (const field of ['user', 'role'] as const)
    if ((seLinuxOptions?.[field] ?? '') !== '')
      breaches.push({
        subject,
        at: [...at, 'seLinuxOptions', field],
        message: `It chooses an SELinux ${field}.`,
        observed: `${field} ${seLinuxOptions?.[field]}`,
        expected: `no SELinux ${field}`,
      });
  return breaches;
}
