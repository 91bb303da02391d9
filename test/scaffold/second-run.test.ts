import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newVersionOf } from '../../src/scaffold/plan.ts';
import { filesBelow, initIn, scaffolded, textOf } from './scaffolded.ts';

describe('a second run of init', () => {
  it('writes nothing when nothing has changed', async () => {
    const { root } = await scaffolded();
    const before = stampsOf(root);
    const { exitCode, stdout } = await initIn(root);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^0 of \d+ files were written\.$/m);
    expect(stampsOf(root)).toEqual(before);
  });

  it('needs no answer again, not even one that was given by a flag', async () => {
    const { root } = await scaffolded(['--name', 'other', '--port', '9000']);
    const before = stampsOf(root);
    await initIn(root);
    expect(stampsOf(root)).toEqual(before);
  });

  it('updates untouched files when an answer changes', async () => {
    const { root } = await scaffolded(['--name', 'qna']);
    const { stdout } = await initIn(root, ['--host', 'ask.example.org']);
    expect(stdout).toMatch(/^update +k8s\/ingress\.yaml$/m);
    expect(stdout).toMatch(/^unchanged +k8s\/service\.yaml$/m);
    expect(textOf(root, 'k8s/ingress.yaml')).toContain('host: ask.example.org');
  });

  it.each([
    [['--ingress-class', 'haproxy'], 'haproxy', 'haproxy'],
    [['--set', 'ingressController=aws'], 'aws', 'kube-system'],
    [['--ingress-class', 'haproxy', '--set', 'controllerNamespace=edge'], 'haproxy', 'edge'],
  ])('takes the controller and its namespace from a new %j', async (args, controller, namespace) => {
    const { root } = await scaffolded();
    await initIn(root, args);
    const answers = textOf(root, '.qna-ready/answers.yaml');
    expect(answers).toContain(`\ningressController: ${controller}\n`);
    expect(answers).toContain(`\ncontrollerNamespace: ${namespace}\n`);
    await initIn(root, ['--port', '9000']);
    expect(textOf(root, '.qna-ready/answers.yaml')).toContain(`\ncontrollerNamespace: ${namespace}\n`);
  });

  it('keeps an edited file, and says so', async () => {
    const { root } = await scaffolded();
    const edited = edit(root, 'k8s/deployment.yaml', 'replicas: 2', 'replicas: 5 # Mine.');
    const { stdout } = await initIn(root);
    expect(stdout).toMatch(/^kept +k8s\/deployment\.yaml +You edited it/m);
    expect(textOf(root, 'k8s/deployment.yaml')).toBe(edited);
  });

  it('merges an edit with what is new on other lines', async () => {
    const { root } = await scaffolded(['--name', 'qna']);
    edit(root, 'k8s/ingress.yaml', 'path: /', 'path: /v1 # Ours.');
    const { stdout } = await initIn(root, ['--host', 'ask.example.org']);
    expect(stdout).toMatch(/^merged +k8s\/ingress\.yaml +Your edits stay/m);
    const text = textOf(root, 'k8s/ingress.yaml');
    expect(text).toContain('path: /v1 # Ours.');
    expect(text).toContain('host: ask.example.org');
    expect((await initIn(root)).stdout).toMatch(/^0 of \d+ files were written\.$/m);
  });

  it('takes a new name through files that were edited', async () => {
    const { root } = await scaffolded(['--name', 'qna', '--namespace', 'ai']);
    edit(root, 'k8s/deployment.yaml', 'minReadySeconds: 10', 'minReadySeconds: 25');
    expect((await initIn(root, ['--name', 'other'])).stdout).toMatch(/^merged +k8s\/deployment\.yaml/m);
    const text = textOf(root, 'k8s/deployment.yaml');
    expect(text).toContain('minReadySeconds: 25');
    expect(text).not.toMatch(/(?:name|instance|part-of|serviceAccountName): qna\b/);
  });

  it('shows a line that both changed, leaves it, and lays the new version beside it, once', async () => {
    const { root } = await scaffolded(['--name', 'qna']);
    edit(root, 'k8s/ingress.yaml', '    - host: qna.example.com', '    - host: mine.example.com');
    const { stdout } = await initIn(root, ['--host', 'ask.example.org']);
    expect(stdout).toMatch(/^conflict +k8s\/ingress\.yaml +.*\.qna-ready\/new\/k8s\/ingress\.yaml\.new/m);
    expect(stdout).toMatch(
      /^k8s\/ingress\.yaml:\d+ is left as you wrote it\.\n {2}yours {6}- host: mine\.example\.com\n {2}new {8}- host: ask\.example\.org$/m,
    );
    const text = textOf(root, 'k8s/ingress.yaml');
    expect(text).toContain('- host: mine.example.com');
    expect(text).toContain('        - ask.example.org');
    expect(textOf(root, newVersionOf('k8s/ingress.yaml'))).toContain('host: ask.example.org');
    const third = await initIn(root);
    expect(third.stdout).toMatch(/^0 of \d+ files were written\.$/m);
    expect(textOf(root, 'k8s/ingress.yaml')).toBe(text);
  });

  it('lays the new version beside an edited file of which an early version kept no text', async () => {
    const { root } = await scaffolded(['--name', 'qna']);
    rmSync(join(root, '.qna-ready/base.json'));
    const edited = edit(root, 'k8s/ingress.yaml', 'path: /', 'path: /v1');
    const { stdout } = await initIn(root, ['--host', 'ask.example.org']);
    expect(stdout).toMatch(/^conflict +k8s\/ingress\.yaml +.*it stays as it is/m);
    expect(stdout).toMatch(/^update +k8s\/certificate\.yaml$/m);
    expect(textOf(root, 'k8s/ingress.yaml')).toBe(edited);
    await initIn(root);
    expect((await initIn(root, ['--ingress-class', 'haproxy'])).stdout).toMatch(/^merged +k8s\/ingress\.yaml/m);
  });

  it('leaves a file alone when the merge could not be read', async () => {
    const { root } = await scaffolded();
    const edited = edit(root, 'k8s/pvc.yaml', '  accessModes:', '  storageClassName: mine\n  accessModes:');
    const { stdout } = await initIn(root, ['--set', 'storageClass=fast']);
    expect(stdout).toMatch(/^conflict +k8s\/pvc\.yaml +.*it stays as it is/m);
    expect(textOf(root, 'k8s/pvc.yaml')).toBe(edited);
  });

  it('takes the line ends of another system for no edit, and keeps them', async () => {
    const { root } = await scaffolded();
    for (const path of ['k8s/ingress.yaml', 'k8s/service.yaml'])
      writeFileSync(join(root, path), textOf(root, path).replaceAll('\n', '\r\n'));
    const { stdout } = await initIn(root, ['--host', 'ask.example.org']);
    expect(stdout).toMatch(/^update +k8s\/ingress\.yaml$/m);
    expect(stdout).toMatch(/^unchanged +k8s\/service\.yaml$/m);
    expect(textOf(root, 'k8s/ingress.yaml')).toContain('host: ask.example.org\r\n');
    expect(textOf(root, 'k8s/ingress.yaml')).not.toMatch(/[^\r]\n/);
  });

  it('leaves a deleted file deleted, and writes it again once its line is out of the record', async () => {
    const { root } = await scaffolded();
    rmSync(join(root, 'k8s/pdb.yaml'));
    expect((await initIn(root)).stdout).toMatch(/^kept +k8s\/pdb\.yaml +You deleted it/m);
    expect(filesBelow(root)).not.toContain('k8s/pdb.yaml');
    const record = JSON.parse(textOf(root, '.qna-ready/manifest.json'));
    delete record.files['k8s/pdb.yaml'];
    writeFileSync(join(root, '.qna-ready/manifest.json'), JSON.stringify(record));
    expect((await initIn(root)).stdout).toMatch(/^create +k8s\/pdb\.yaml$/m);
  });

  it('keeps files that were there before the first run', async () => {
    const files = {
      Dockerfile: 'FROM scratch\n',
      'k8s/deployment.yaml': 'kind: Deployment\n',
      'docs/BACKUP.md': '# Ours\n',
    };
    const { root, stdout } = await scaffolded([], files);
    for (const [path, text] of Object.entries(files)) {
      expect(stdout).toMatch(new RegExp(`^kept +${path} +It was there before`, 'm'));
      expect(textOf(root, path)).toBe(text);
    }
  });

  it('says which files the set no longer has, and leaves them', async () => {
    const { root } = await scaffolded(['--monitoring', 'operator']);
    const { stdout } = await initIn(root, ['--monitoring', 'annotations']);
    expect(stdout).toMatch(/^kept +k8s\/monitoring\/servicemonitor\.yaml +No longer part/m);
    expect(filesBelow(root)).toContain('k8s/monitoring/servicemonitor.yaml');
    rmSync(join(root, 'k8s/monitoring'), { recursive: true });
    expect((await initIn(root, ['--monitoring', 'operator'])).stdout).toMatch(/^kept +k8s\/monitoring/m);
  });

  it('keeps comments in the answers, and takes an answer that was edited there', async () => {
    const { root } = await scaffolded();
    edit(root, '.qna-ready/answers.yaml', 'replicas: 2', '# Since the launch.\nreplicas: 4');
    await initIn(root, ['--port', '9000']);
    expect(textOf(root, '.qna-ready/answers.yaml')).toContain('# Since the launch.\nreplicas: 4');
    expect(textOf(root, 'k8s/deployment.yaml')).toContain('replicas: 4');
  });

  it.each([['version: 1\n'], ['']])(
    'takes an answer that had another name in a file with "%s", comment and all',
    async (version) => {
      const { root } = await scaffolded([], {
        '.qna-ready/answers.yaml': `${version}name: qna\n# Shared with the others.\ningressNamespace: edge\n`,
      });
      const text = textOf(root, '.qna-ready/answers.yaml');
      expect(text).toContain('# Shared with the others.\ncontrollerNamespace: edge\n');
      expect(text).toMatch(/^version: 2$/m);
      expect(text).not.toContain('ingressNamespace');
      expect(textOf(root, 'k8s/networkpolicy.yaml')).toContain('kubernetes.io/metadata.name: edge');
    },
  );

  it('rolls the pods when a person edits the ConfigMap', async () => {
    const { root } = await scaffolded();
    const before = /checksum\/config: .*/.exec(textOf(root, 'k8s/deployment.yaml'))?.[0];
    edit(root, 'k8s/configmap.yaml', 'LOG_LEVEL: info', 'LOG_LEVEL: debug');
    await initIn(root);
    expect(textOf(root, 'k8s/configmap.yaml')).toContain('LOG_LEVEL: debug');
    expect(textOf(root, 'k8s/deployment.yaml')).not.toContain(before);
  });

  it('takes up what an interrupted run left behind', async () => {
    const { root } = await scaffolded();
    rmSync(join(root, '.qna-ready/manifest.json'));
    rmSync(join(root, 'docs/RUNBOOK.md'));
    mkdirSync(join(root, '.qna-ready/staging-dead'));
    const { stdout } = await initIn(root);
    expect(stdout).toMatch(/^2 of \d+ files were written\.$/m);
    expect(stdout).toMatch(/^unchanged +k8s\/deployment\.yaml$/m);
    expect(existsSync(join(root, '.qna-ready/staging-dead'))).toBe(false);
  });

  it('does what its dry run told', async () => {
    const { root } = await scaffolded(['--name', 'qna']);
    edit(root, 'k8s/service.yaml', 'port: 80', 'port: 81');
    edit(root, 'k8s/ingress.yaml', '    - host: qna.example.com', '    - host: mine.example.com');
    rmSync(join(root, 'k8s/pdb.yaml'));
    const change = ['--host', 'ask.example.org'];
    const rows = (text: string) =>
      text.split('\n').filter((line) => /^(?:create|update|unchanged|merged|conflict|kept) +\S+/.test(line));
    const told = rows((await initIn(root, [...change, '--dry-run'])).stdout);
    expect(told.join('\n')).toMatch(/^conflict/m);
    expect(rows((await initIn(root, change)).stdout)).toEqual(told);
  });

  it('adds its lines to a .gitignore, once, after what is there', async () => {
    const { root, stdout } = await scaffolded([], { '.gitignore': 'node_modules\n.env' });
    expect(stdout).toMatch(/^merged +\.gitignore$/m);
    const text = textOf(root, '.gitignore');
    expect(text.startsWith('node_modules\n.env\n')).toBe(true);
    expect(text.match(/^\.env$/gm)).toHaveLength(1);
    expect(text).toContain('k8s/secrets.yaml\n');
    await initIn(root);
    expect(textOf(root, '.gitignore')).toBe(text);
  });

  it('leaves a .gitignore that does it all in its own words', async () => {
    const own = '*.yaml\n.env*\n';
    const { root } = await scaffolded([], { '.gitignore': own });
    expect(textOf(root, '.gitignore')).toBe(own);
  });
});

/** What changes when a file is written, even with the same text. */
function stampsOf(root: string): readonly unknown[] {
  return filesBelow(root).map((path) => {
    const { ino, mtimeMs, ctimeMs, mode } = statSync(join(root, path));
    return { path, ino, mtimeMs, ctimeMs, mode };
  });
}

function edit(root: string, path: string, from: string, to: string): string {
  const text = readFileSync(join(root, path), 'utf8');
  expect(text).toContain(from);
  writeFileSync(join(root, path), text.replace(from, to));
  return text.replace(from, to);
}
