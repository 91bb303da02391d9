import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { CHECKS } from '../../src/checks/index.ts';
import type { Report } from '../../src/core/report.ts';
import { checksFor, wantedFacts } from '../../src/core/run-checks.ts';
import { CLUSTER_FACTS } from '../../src/sources/cluster/cluster-source.ts';
import { type Permission, permissionsFor } from '../../src/sources/cluster/permissions.ts';
import { runCli } from '../cli/run-cli.ts';
import { installDefinitions } from './definitions.ts';
import { FAR_FROM_EDGE } from './far-from-edge.ts';
import { createProject, prepareCluster, raise, type Stage } from './scenarios/stage.ts';
import { useCluster } from './use-cluster.ts';

const cluster = useCluster();
const ALL = permissionsFor(wantedFacts(checksFor(CHECKS, { name: 'cluster', provides: CLUSTER_FACTS })));
/** Audits at a time; each is mostly waiting. */
const AT_ONCE = 4;

describe.skipIf(cluster === undefined || cluster.facts.tier === 'given')(
  'audit by a user with the least rights',
  () => {
    if (cluster === undefined) return;
    let namespace = '';
    let stage: Stage | undefined;
    let removeDefinitions = async () => {};

    beforeAll(async () => {
      const hasPods = cluster.facts.tier === 'node';
      if (hasPods) await prepareCluster(cluster);
      removeDefinitions = await installDefinitions(cluster);
      namespace = await cluster.createNamespace();
      stage = await raise(cluster, await createProject(namespace, `${namespace}.example.test`));
      if (hasPods) await stage.ready();
    }, 900_000);

    afterAll(async () => {
      await stage?.leave();
      await removeDefinitions();
    });

    /**
     * What a user sees, and what the admin saw at that moment. Pods and controllers go on meanwhile, so only that counts which
     * the admin says before it and still says after it.
     */
    async function auditBetween(kubeconfig: string): Promise<{ readonly seen: Report; readonly byAdmin: Report }> {
      const admin = cluster?.kubeconfigFor('admin', namespace) ?? '';
      let byAdmin = await auditAs(admin);
      for (;;) {
        const seen = await auditAs(kubeconfig);
        const after = await auditAs(admin);
        if (isDeepStrictEqual(verdicts(after), verdicts(byAdmin))) return { seen, byAdmin };
        byAdmin = after;
      }
    }

    it('sees with the printed role all that the admin sees', async () => {
      const { stdout, exitCode } = await runCli(['audit', '--print-rbac', '-n', namespace]);
      expect(exitCode).toBe(0);
      await cluster.apply(stdout);
      const token = await cluster.kubectl('create', 'token', 'qna-ready-audit', `--namespace=${namespace}`);
      const { seen, byAdmin } = await auditBetween(cluster.kubeconfigFor({ token: token.trim() }, namespace));
      expect(seen.sources[0]?.notSeen).toEqual([]);
      expect(verdicts(seen)).toEqual(verdicts(byAdmin));
    });

    it('is printed as objects that the API server takes, for one check, several namespaces and all of them', async () => {
      for (const args of [['--only', 'storage/bound'], ['-n', namespace, '-n', 'default'], ['-A']]) {
        const { stdout } = await runCli(['audit', '--print-rbac', ...args]);
        await cluster.apply(stdout, '--dry-run=server');
      }
    });

    it('asks for no more than the chosen checks need', async () => {
      const { stdout } = await runCli(['audit', '--print-rbac', '--only', 'storage/bound']);
      const role = parseAllDocuments(stdout)
        .map((document) => document.toJS() as { kind: string; rules?: readonly { resources: readonly string[] }[] })
        .find(({ kind }) => kind === 'Role');
      expect(role?.rules?.flatMap(({ resources }) => resources).sort()).toEqual(['persistentvolumeclaims', 'pods']);
    });

    it('loses with each right just the checks that need it', async () => {
      const users = ALL.map((taken, index) => ({ taken, user: `reduced-${namespace}-${index}` }));
      const roles = users.flatMap(({ taken, user }) => rolesWithout(taken, user, namespace));
      await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: roles }));
      const last = users.at(-1)?.user ?? '';
      await cluster.until('the roles are in force', namespace, async () =>
        (await cluster.kubectl('auth', 'can-i', 'list', 'deployments', `--as=${last}`, `-n=${namespace}`)).startsWith(
          'yes',
        ),
      );
      const queue = [...users];
      const work = async () => {
        for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
          const { seen, byAdmin } = await auditBetween(cluster.kubeconfigFor(next.user, namespace));
          expectOnly(next.taken, seen, byAdmin);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    });
  },
);

async function auditAs(kubeconfig: string): Promise<Report> {
  const { stdout, stderr } = await runCli(['audit', '--kubeconfig', kubeconfig, '--report', 'json', ...FAR_FROM_EDGE]);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Report;
}

function verdicts({ findings }: Report): ReadonlyMap<string, string> {
  return new Map(findings.map(({ id, outcome }) => [id, outcome]));
}

function rolesWithout(taken: Permission, user: string, namespace: string): readonly object[] {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }];
  return [false, true].flatMap((clusterWide) => {
    const kind = clusterWide ? 'ClusterRole' : 'Role';
    const metadata = { name: user, ...(clusterWide ? {} : { namespace }) };
    const rules = ALL.filter((each) => each !== taken && each.clusterWide === clusterWide).map(
      ({ group, resource, verbs }) => ({ apiGroups: [group], resources: [resource], verbs }),
    );
    return [
      { apiVersion, kind, metadata, rules },
      {
        apiVersion,
        kind: `${kind}Binding`,
        metadata,
        subjects,
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: user },
      },
    ];
  });
}

/** What was refused is unknown with the API's own reason, and everything else is as it was. */
function expectOnly(taken: Permission, seen: Report, byAdmin: Report): void {
  const name = `${taken.group}/${taken.resource}`;
  const refused = seen.sources[0]?.notSeen ?? [];
  const needing = new Set(
    CHECKS.filter(({ needs }) => needs.some((fact) => taken.facts.includes(fact))).map(({ id }) => id),
  );
  const before = verdicts(byAdmin);
  const after = verdicts(seen);
  const changed = [...after].filter(([id, outcome]) => before.get(id) !== outcome);
  const gone = [...before.keys()].filter((id) => !after.has(id));
  const touched = new Set([...changed.map(([id]) => id), ...gone].map((id) => id.slice(0, id.indexOf('@'))));
  // A kind that the server does not have, or of which there is nothing to read, is not asked for, with or without the right.
  if (refused.length === 0) {
    expect([name, ...touched]).toEqual([name]);
    return;
  }
  expect([name, ...touched].filter((id) => id !== name && !needing.has(id))).toEqual([]);
  expect([name, changed.filter(([, outcome]) => outcome !== 'unknown')]).toEqual([name, []]);
  const resource = taken.resource.replace('/', '\\/');
  for (const { reason } of refused)
    expect(reason).toMatch(new RegExp(`cannot (?:list|get) resource "${resource}" in API group "${taken.group}"`));
  const silent = [...needing].filter(
    (id) =>
      byAdmin.findings.some(({ check }) => check === id) &&
      !seen.findings.some(({ check, outcome }) => check === id && outcome === 'unknown'),
  );
  expect([name, silent]).toEqual([name, []]);
}
