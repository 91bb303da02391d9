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
    ipTool(),
    namespaces(),
    controlGroups(),
  ];
}

function file(path: string, debianPackage: string): Requirement {
  const missing = existsSync(path) ? undefined : `${path} is missing (apt-get install ${debianPackage})`;
  return { what: path, missing };
}

function ipTool(): Requirement {
  const found = spawnSync('ip', ['-V']).error === undefined;
  return { what: 'ip', missing: found ? undefined : 'ip is not installed (apt-get install iproute2)' };
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
