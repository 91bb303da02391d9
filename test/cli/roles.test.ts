import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { DEPLOYMENT, SERVICE } from './manifests.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const INGRESS = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: edge
spec:
  rules:
    - host: qna.example.com
      http:
        paths:
          - { path: /, pathType: Prefix, backend: { service: { name: qna, port: { number: 80 } } } }
`;

it('a route leads to the Service of its own namespace, where another has one of the same name', async () => {
  const folder = temporaryFolder();
  const inNamespace = (namespace: string) =>
    [DEPLOYMENT, SERVICE, INGRESS].map((text) => text.replace(/^( {2}name: .*)$/m, `$1\n  namespace: ${namespace}`));
  writeFileSync(join(folder, 'all.yaml'), [...inNamespace('blue'), ...inNamespace('green')].join('---\n'));
  const { stdout } = await runCli(['validate', '.', '--report', 'json'], { cwd: folder });
  const { roles } = JSON.parse(stdout) as Report;
  expect(roles.filter(({ role }) => role === 'ingress')).toEqual([
    { source: 'files', role: 'ingress', subject: 'Ingress blue/edge', why: 'it leads to Service blue/qna' },
    { source: 'files', role: 'ingress', subject: 'Ingress green/edge', why: 'it leads to Service green/qna' },
  ]);
});
