import { spawnSync } from 'node:child_process';
import { missingToolchain } from './binaries.ts';
import type { Tier } from './cluster-facts.ts';
import { nodeRequirements } from './node/requirements.ts';

/** One thing that a tier needs of the machine. */
export interface Requirement {
  readonly what: string;
  /** Why it is not there and how to get it; undefined where it is. */
  readonly missing: string | undefined;
}

/** What each tier that the harness starts itself needs here; a tier can be had when nothing of it is missing. */
export function requirementsOf(tier: Exclude<Tier, 'given'>): readonly Requirement[] {
  const controlPlane = [
    { what: 'Go 1.26 or later, to build Kubernetes once', missing: missingToolchain() },
    program('openssl', 'openssl', ['version']),
  ];
  return tier === 'control-plane' ? controlPlane : [...controlPlane, ...nodeRequirements()];
}

export function firstMissing(requirements: readonly Requirement[]): string | undefined {
  return requirements.find(({ missing }) => missing !== undefined)?.missing;
}

function program(name: string, debianPackage: string, args: readonly string[]): Requirement {
  const found = spawnSync(name, args).error === undefined;
  return {
    what: name,
    missing: found ? undefined : `${name} is not installed (apt-get install ${debianPackage})`,
  };
}
