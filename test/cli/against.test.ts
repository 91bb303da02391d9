import { describe, expect, it, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { declarationsIn } from '../../src/sources/files/declarations.ts';
import { createKeyedHash } from '../../src/sources/keyed-hash.ts';
import { DEPLOYMENT, SERVICE } from './manifests.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const SECRET = `apiVersion: v1
kind: Secret
metadata:
  name: qna
  annotations: { note: hunter2-note }
data: { KEY: aHVudGVyMg== }
stringData: { TOKEN: hunter2-token, EXAMPLE: change-me }
`;

function declared(files: Readonly<Record<string, string>>, ...paths: readonly string[]) {
  const cwd = temporaryFolder(files);
  const declarations = declarationsIn({ paths, cwd, stdin: (async function* () {})() });
  return declarations.read(createKeyedHash('a key of the test'), { namespace: 'qna', version: 'v1.36.2' });
}

const refsOf = ({ objects }: Awaited<ReturnType<typeof declared>>) =>
  objects.map(({ object }) => `${object.kind} ${object.metadata?.name}`);

describe('what files declare', () => {
  it('is what a kustomization applies, and not what lies beside it', async () => {
    const found = await declared(
      {
        'k8s/kustomization.yaml': 'resources: [deployment.yaml]\n',
        'k8s/deployment.yaml': DEPLOYMENT,
        'k8s/restore.yaml': SERVICE,
      },
      'k8s',
    );
    expect(refsOf(found)).toEqual(['Deployment qna']);
    expect(found.notSeen).toEqual([]);
    expect(found.schemas.kubernetes).toBe('1.36');
  });

  it('is unknown where a kustomization must be built and nobody is there to build it', async () => {
    vi.stubEnv('PATH', '');
    const found = await declared(
      {
        'k8s/prod/kustomization.yaml': 'resources: [deployment.yaml]\nnamePrefix: a-\n',
        'k8s/prod/deployment.yaml': DEPLOYMENT,
        'more/service.yaml': SERVICE,
      },
      'k8s/prod',
      'more',
    );
    vi.unstubAllEnvs();
    expect(refsOf(found)).toEqual(['Service qna']);
    expect(found.notSeen).toMatchObject([{ what: 'k8s/prod/kustomization.yaml' }]);
  });

  it('is unknown where generators make it', async () => {
    vi.stubEnv('PATH', '');
    const files = {
      'k8s/kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [service.yaml]\nsecretGenerator: [{ name: qna, literals: [A=hunter2] }]\n',
      'k8s/service.yaml': SERVICE,
    };
    const [folder, above] = [await declared(files, 'k8s'), await declared(files, '.')];
    vi.unstubAllEnvs();
    expect(refsOf(folder)).toEqual([]);
    expect(folder.notSeen[0]?.what).toBe('k8s/kustomization.yaml');
    expect(refsOf(above)).toEqual(['Service qna']);
    expect(above.notSeen).toMatchObject([{ what: 'k8s/kustomization.yaml', reason: expect.stringContaining('built') }]);
  });

  it('holds no value of a Secret, and finds its keys where they are written', async () => {
    const { objects } = await declared({ 'secret.yaml': SECRET }, 'secret.yaml');
    const hash = createKeyedHash('a key of the test');
    expect(objects[0]?.object).toMatchObject({
      data: { KEY: 'filled', TOKEN: 'filled', EXAMPLE: 'placeholder' },
      hashes: { KEY: hash(Buffer.from('hunter2')), TOKEN: hash(Buffer.from('hunter2-token')) },
    });
    expect(JSON.stringify(objects[0]?.object)).not.toContain('hunter2');
    expect(objects[0]?.locate(['data', 'TOKEN'])).toMatchObject({ file: 'secret.yaml', line: 7, column: 22 });
    expect(objects[0]?.locate(['data', 'KEY'])).toMatchObject({ line: 6 });
  });

  it('leaves out hooks of charts and what is for tools alone', async () => {
    const found = await declared(
      {
        'k8s/service.yaml': SERVICE,
        'k8s/hook.yaml':
          'apiVersion: batch/v1\nkind: Job\nmetadata: { name: hook, annotations: { helm.sh/hook: pre-install } }\n',
        'k8s/local.yaml':
          'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: fn, annotations: { config.kubernetes.io/local-config: "true" } }\n',
      },
      'k8s',
    );
    expect(refsOf(found)).toEqual(['Service qna']);
  });
});

describe('audit --against', () => {
  it.each([
    [['--against', 'k8s', '--from', 'snapshot.json'], '--against asks a live cluster, and --from asks none.'],
    [['--against', 'nowhere'], 'nowhere does not exist.'],
    [['--only', 'drift'], 'drift/as-declared needs files to compare the cluster with.'],
  ])('%j is refused in a sentence', async (args, sentence) => {
    const { exitCode, stdout, stderr } = await runCli(['audit', ...args], { cwd: temporaryFolder() });
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(sentence);
  });

  it('prints the rights to get what is declared, and to try it save for Secrets, in the namespaces where it is', async () => {
    const cwd = temporaryFolder({
      'k8s/all.yaml': [
        DEPLOYMENT,
        SECRET,
        'apiVersion: v1\nkind: Namespace\nmetadata: { name: qna }\n',
        'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: qna, namespace: elsewhere }\n',
        'apiVersion: example.com/v1\nkind: Policy\nmetadata: { name: qna }\n',
      ].join('---\n'),
    });
    const args = ['audit', '--print-rbac', '--only', 'drift', '--against', 'k8s', '-n', 'qna'];
    const { stdout, exitCode } = await runCli(args, { cwd });
    expect(exitCode).toBe(0);
    const roles = parseAllDocuments(stdout)
      .map((document) => document.toJS() as Role)
      .filter(({ rules }) => rules !== undefined);
    const rights = roles.flatMap(({ kind, metadata, rules = [] }) =>
      rules.flatMap(({ verbs, resources }) =>
        resources.map((resource) => [kind, metadata.namespace, verbs.join(), resource].join(' ').replace('  ', ' ')),
      ),
    );
    expect(rights.sort()).toEqual([
      'ClusterRole get namespaces',
      'ClusterRole patch namespaces',
      'Role elsewhere get poddisruptionbudgets',
      'Role elsewhere patch poddisruptionbudgets',
      'Role qna get deployments',
      'Role qna get policies',
      'Role qna get secrets',
      'Role qna list horizontalpodautoscalers',
      'Role qna patch deployments',
      'Role qna patch policies',
    ]);
    expect(stdout).toContain('used for dry runs alone');
    expect(stdout).not.toContain('hunter2');
  });
});

interface Role {
  readonly kind: string;
  readonly metadata: { readonly namespace?: string };
  readonly rules?: readonly { readonly verbs: readonly string[]; readonly resources: readonly string[] }[];
}
