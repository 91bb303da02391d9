import { execFileSync } from 'node:child_process';
import { SERVICE_CIDR } from '../components.ts';
import type { Run } from '../run.ts';

/** A network that only the harness sees: loopback, and a bridge that is the node's address and the pods' gateway. */
export interface NetworkNamespace {
  readonly name: string;
  /** Put before a command, it runs the command in there. */
  readonly enter: readonly string[];
}

export const NODE_ADDRESS = '10.88.0.1';
export const BRIDGE = 'cni0';

export function createNetworkNamespace(run: Run): NetworkNamespace {
  const name = `qna-${run.id}`;
  run.record({ made: 'network-namespace', name });
  // Entered by nsenter, for `ip netns exec` mounts a fresh /sys, and the kubelet then finds no control groups.
  const enter = ['nsenter', `--net=/run/netns/${name}`, '--'];
  const [nsenter = '', ...into] = enter;
  const ip = (...args: readonly string[]) => execFileSync('ip', args, { stdio: 'pipe' });
  ip('netns', 'add', name);
  ip('-n', name, 'link', 'set', 'lo', 'up');
  // A fixed hardware address: a bridge otherwise takes its lowest port's, and pods would lose their gateway for a while.
  ip('-n', name, 'link', 'add', BRIDGE, 'address', '0a:58:0a:58:00:01', 'type', 'bridge');
  ip('-n', name, 'address', 'add', `${NODE_ADDRESS}/16`, 'dev', BRIDGE);
  ip('-n', name, 'link', 'set', BRIDGE, 'up');
  ip('-n', name, 'route', 'add', SERVICE_CIDR, 'dev', BRIDGE);
  // There is no world outside, and who calls it hears so at once instead of waiting.
  ip('-n', name, 'route', 'add', 'unreachable', 'default');
  const settings = [
    'echo 1 >/proc/sys/net/ipv4/ip_forward',
    // Where the kernel has it, traffic between pods passes the service rules.
    'for f in /proc/sys/net/bridge/bridge-nf-call-iptables; do [ ! -e $f ] || echo 1 >$f; done',
  ];
  execFileSync(nsenter, [...into, 'sh', '-c', settings.join('\n')], { stdio: 'pipe' });
  return { name, enter };
}
