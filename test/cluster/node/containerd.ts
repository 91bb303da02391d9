import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { POD_CIDR } from '../components.ts';
import { IMAGES } from '../images/basic-images.ts';
import type { Processes } from '../processes.ts';
import type { Run } from '../run.ts';
import { BRIDGE, type NetworkNamespace, NODE_ADDRESS } from './network-namespace.ts';

export const REGISTRY_PORT = 5000;
export const CNI_PLUGINS = '/usr/lib/cni';
export const RUNC = '/usr/sbin/runc';

export function containerdSocket({ folder }: Pick<Run, 'folder'>): string {
  return join(folder, 'containerd.sock');
}

/** Starts containerd in the namespace, with all its files in the run's folder; every image comes from the run's registry. */
export async function startContainerd(
  run: Run,
  processes: Processes,
  { name, enter }: NetworkNamespace,
  binaries: string,
): Promise<void> {
  const socket = containerdSocket(run);
  const config = join(run.folder, 'containerd.toml');
  writeFileSync(config, configuration(run.folder, socket));
  writeNetwork(run.folder, name);
  writeRegistry(run.folder);
  const daemon = join(binaries, 'containerd');
  processes.start('containerd', [...enter, daemon, '--config', config], {
    // The shim is looked for beside containerd, and the network plug-ins call iptables.
    env: { PATH: `${binaries}:${dirname(RUNC)}:${process.env.PATH}` },
  });
  const answers = async () => {
    await promisify(execFile)(join(binaries, 'ctr'), ['--address', socket, 'version'], { timeout: 5000 });
    return true;
  };
  await processes.until('containerd answers', answers, 30_000, 'containerd');
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
[plugins.'io.containerd.cri.v1.images'.registry]
  config_path = '${registries(folder)}'
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

const registries = (folder: string) => join(folder, 'registries');

/** Whatever registry an image's name begins with, the run's own is asked, and no other. */
function writeRegistry(folder: string): void {
  const url = `http://${NODE_ADDRESS}:${REGISTRY_PORT}`;
  mkdirSync(join(registries(folder), '_default'), { recursive: true });
  writeFileSync(
    join(registries(folder), '_default', 'hosts.toml'),
    `server = '${url}'\n[host.'${url}']\n  capabilities = ['pull', 'resolve']\n`,
  );
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
