import {
  certManagerBinaries,
  containerdBinaries,
  coreDnsBinary,
  expositionOracleBinary,
  helmBinary,
  kubeconformBinary,
  kubectlValidateBinary,
  kubernetesBinary,
  kubeScoreBinary,
  kustomizeBinary,
  metricsServerBinary,
  pauseBinary,
  promtoolBinary,
  traefikBinaries,
} from './binaries.ts';
import { checkovPackages } from './checkov.ts';
import { postgresImage } from './images/postgres-image.ts';
import { serviceImage } from './images/service-image.ts';
import type { KubernetesVersion } from './kubernetes-versions.ts';
import { imageRequirements } from './node/requirements.ts';
import { firstMissing, requirementsOf } from './requirements.ts';

const PEERS = [kubeScoreBinary, kubeconformBinary, kubectlValidateBinary, checkovPackages];

/** Builds whatever this machine can use, one after the other, so that no test waits for a build. */
export async function buildAll(kubernetes: KubernetesVersion): Promise<void> {
  await kubernetesBinary(kubernetes);
  for (const build of [promtoolBinary, expositionOracleBinary, helmBinary, kustomizeBinary, ...PEERS]) await build();
  if (firstMissing(requirementsOf('node')) !== undefined) return;
  const programs = [containerdBinaries, coreDnsBinary, pauseBinary, traefikBinaries, certManagerBinaries];
  for (const build of [...programs, metricsServerBinary]) await build();
  if (firstMissing(imageRequirements()) !== undefined) return;
  await postgresImage();
  await serviceImage();
}
