import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { BUSYBOX } from '../images/basic-images.ts';
import type { Requirement } from '../requirements.ts';
import { CNI_PLUGINS, RUNC } from './containerd.ts';

/** What a node needs of the machine beyond what the control plane does. */
export function nodeRequirements(): readonly Requirement[] {
  const linux = { what: 'Linux', missing: process.platform === 'linux' ? undefined : 'a node runs on Linux only' };
  if (linux.missing !== undefined) return [linux];
  return [
    linux,
    {
      what: 'root',
      missing: process.getuid?.() === 0 ? undefined : 'containers need root (sudo, or a root container)',
    },
    file(join(CNI_PLUGINS, 'bridge'), 'containernetworking-plugins'),
    file(RUNC, 'runc'),
    file('/usr/sbin/iptables', 'iptables'),
    file(BUSYBOX, 'busybox-static'),
    file('/usr/bin/nsenter', 'util-linux'),
    tool('ip', ['-V'], 'iproute2'),
    namespaces(),
    controlGroups(),
  ];
}

/** What building the images of the service and of PostgreSQL needs; the node runs without. */
export function imageRequirements(): readonly Requirement[] {
  return [
    file('/usr/bin/buildah', 'buildah'),
    file('/usr/sbin/debootstrap', 'debootstrap'),
    tool('python3', ['-m', 'pip', '--version'], 'python3-pip'),
  ];
}

function file(path: string, debianPackage: string): Requirement {
  const missing = existsSync(path) ? undefined : `${path} is missing (apt-get install ${debianPackage})`;
  return { what: path, missing };
}

function tool(name: string, args: readonly string[], debianPackage: string): Requirement {
  const works = spawnSync(name, args).status === 0;
  return {
    what: [name, ...args].join(' '),
    missing: works ? undefined : `${name} does not work here (apt-get install ${debianPackage})`,
  };
}

function namespaces(): Requirement {
  const able = spawnSync('unshare', ['--net', '--mount', 'true']).status === 0;
  return {
    what: 'network and mount namespaces',
    missing: able ? undefined : 'this machine lets nobody make namespaces (CAP_SYS_ADMIN is needed)',
  };
}

function controlGroups(): Requirement {
  const sentence = '/sys/fs/cgroup cannot be written (a container must be privileged)';
  try {
    accessSync('/sys/fs/cgroup', constants.W_OK);
    return { what: 'control groups', missing: undefined };
  } catch {
    return { what: 'control groups', missing: sentence };
  }
}
