import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { POD_CIDR } from '../components.ts';
import type { Processes } from '../processes.ts';
import type { Run } from '../run.ts';
import { IMAGES } from './images.ts';
import { BRIDGE, type NetworkNamespace } from './network-namespace.ts';

export interface Containerd {
  readonly socket: string;
  /** `ctr` and its first arguments. */
  readonly ctr: readonly string[];
}

export const CNI_PLUGINS = '/usr/lib/cni';
export const RUNC = '/usr/sbin/runc';

export function containerdSocket({ folder }: Pick<Run, 'folder'>): string {
  return join(folder, 'containerd.sock');
}

/** Starts containerd in the namespace, with all its files in the run's folder, and gives it these images. */
export async function startContainerd(
  run: Run,
  processes: Processes,
  { name, enter }: NetworkNamespace,
  binaries: string,
  images: readonly string[],
): Promise<Containerd> {
  const socket = containerdSocket(run);
  const config = join(run.folder, 'containerd.toml');
  writeFileSync(config, configuration(run.folder, socket));
  writeNetwork(run.folder, name);
  const daemon = join(binaries, 'containerd');
  processes.start('containerd', [...enter, daemon, '--config', config], {
    // The shim is looked for beside containerd, and the network plug-ins call iptables.
    env: { PATH: `${binaries}:${dirname(RUNC)}:${process.env.PATH}` },
  });
  const ctr = [join(binaries, 'ctr'), '--address', socket, '--namespace', 'k8s.io'];
  const answers = async () => {
    await runCtr(ctr, ['version']);
    return true;
  };
  await processes.until('containerd answers', answers, 30_000, 'containerd');
  for (const image of images) await runCtr(ctr, ['images', 'import', image]);
  return { socket, ctr };
}

/** Runs ctr; throws with its stderr where it fails. */
export async function runCtr([program = '', ...first]: readonly string[], args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(program, [...first, ...args])).stdout;
}

function configuration(folder: string, socket: string): string {
  const runtime = "plugins.'io.containerd.cri.v1.runtime'";
  return `version = 4
root = '${join(folder, 'containerd')}'
state = '${join(folder, 'state')}'
# It makes /opt/containerd, which nobody asked for.
disabled_plugins = ['io.containerd.internal.v1.opt']

[plugins.'io.containerd.server.v1.grpc']
  address = '${socket}'
[plugins.'io.containerd.server.v1.ttrpc']
  address = '${socket}.ttrpc'
[plugins.'io.containerd.shim.v1.manager']
  socket_dir = '${join(folder, 's')}'
[plugins.'io.containerd.nri.v1.nri']
  disable = true
[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = '${IMAGES.pause}'
[${runtime}]
  # Without CAP_SYS_RESOURCE nobody may lower the score, and runc dies trying.
  restrict_oom_score_adj = true
  # So that the pods' network namespaces lie in the run's folder and go with it.
  netns_mounts_under_state_dir = true
[${runtime}.cni]
  bin_dirs = ['${CNI_PLUGINS}']
  conf_dir = '${join(folder, 'cni')}'
[${runtime}.containerd.runtimes.runc]
  runtime_type = 'io.containerd.runc.v2'
[${runtime}.containerd.runtimes.runc.options]
  BinaryName = '${RUNC}'
  Root = '${join(folder, 'runc')}'
  SystemdCgroup = false
`;
}

function writeNetwork(folder: string, name: string): void {
  const list = {
    cniVersion: '1.0.0',
    name,
    plugins: [
      {
        type: 'bridge',
        bridge: BRIDGE,
        isGateway: true,
        hairpinMode: true,
        ipam: {
          type: 'host-local',
          ranges: [[{ subnet: POD_CIDR }]],
          routes: [{ dst: '0.0.0.0/0' }],
          dataDir: join(folder, 'addresses'),
        },
      },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  };
  mkdirSync(join(folder, 'cni'), { recursive: true });
  writeFileSync(join(folder, 'cni', '10-qna.conflist'), JSON.stringify(list));
}
