import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { useCluster } from './use-cluster.ts';

const cluster = useCluster();

const WOUNDED = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: wounded
  annotations: { example.org/revision: 0777 }
spec:
  replcias: 2
  selector: { matchLabels: { app: wounded } }
  template:
    metadata: { labels: { app: wounded } }
    spec:
      securityContext: { runAsNonRoot: true, runAsUser: 10001 }
      containers:
        - name: api
          image: example/wounded:main
          env: [{ name: PORT, value: 8080 }]
          ports: [{ name: http, containerPort: 8080 }]
---
apiVersion: v1
kind: Service
metadata: { name: wounded }
spec: { selector: { app: wounded }, ports: [{ port: 80, targetPort: http }] }
`;

describe.skipIf(cluster === undefined)('what validate --fix writes', () => {
  it('is taken by an API server that refused it before', { timeout: 120_000 }, async () => {
    if (cluster === undefined) return;
    const cwd = temporaryFolder({ 'all.yaml': WOUNDED });
    const apply = () =>
      cluster
        .kubectl('apply', '--dry-run=server', '--validate=strict', '--namespace=default', '-f', join(cwd, 'all.yaml'))
        .then(
          (said) => said,
          (error: { readonly stderr?: string; readonly message: string }) =>
            `refused: ${error.stderr ?? error.message}`,
        );
    expect(await apply()).toMatch(/^refused: .*cannot unmarshal number/);
    await runCli(['validate', 'all.yaml', '--fix'], { cwd });
    expect(await apply()).toMatch(/deployment\.apps\/wounded created \(server dry run\)\n.*service\/wounded created/);
  });
});
