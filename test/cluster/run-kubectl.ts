import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ClusterFacts } from './cluster-facts.ts';

/** Runs kubectl as the admin; throws with its stderr where it fails. */
export async function runKubectl(
  { kubectl: [program = '', ...first], adminKubeconfig }: Pick<ClusterFacts, 'kubectl' | 'adminKubeconfig'>,
  args: readonly string[],
  timeoutMs = 0,
): Promise<string> {
  const { stdout } = await promisify(execFile)(program, [...first, `--kubeconfig=${adminKubeconfig}`, ...args], {
    maxBuffer: 64 * 1024 * 1024,
    timeout: timeoutMs,
  });
  return stdout;
}
