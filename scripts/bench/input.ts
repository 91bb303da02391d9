import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes twelve files of manifests, one object in each; gives their number. */
export function writeOneSet(folder: string): number {
  mkdirSync(folder, { recursive: true });
  const objects = [...objectsOf('qna'), ...objectsOf('search').slice(0, 4)];
  for (const [index, text] of objects.entries()) writeFileSync(join(folder, `${index}.yaml`), text);
  return objects.length;
}

/** Writes fifty files of manifests, one object in each. */
export function writeFiftyFiles(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const objects = Array.from({ length: 50 }, (_, index) => objectsOf(`service-${index}`)).flat();
  for (const [index, text] of objects.slice(0, 50).entries()) writeFileSync(join(folder, `${index}.yaml`), text);
}

/** The documents of a file that `writeManySets` writes. */
export const DOCUMENTS_IN_FILE = 16;

/** Writes the manifests of two services into each file, which has a namespace to itself, until there are as many documents. */
export function writeManySets(folder: string, documents: number): void {
  mkdirSync(folder, { recursive: true });
  for (let index = 0; index < documents / DOCUMENTS_IN_FILE; index += 1) {
    const objects = [...objectsOf(`service-${index}-a`), ...objectsOf(`service-${index}-b`)].join('---\n');
    const text = objects.replaceAll('metadata:\n  name:', `metadata:\n  namespace: team-${index}\n  name:`);
    writeFileSync(join(folder, `team-${index}.yaml`), text);
  }
}

function objectsOf(name: string): readonly string[] {
  const meta = (kind: string, apiVersion = 'v1') =>
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n  labels: { app.kubernetes.io/name: ${name} }\n`;
  return [
    `${meta('Deployment', 'apps/v1')}spec:
  replicas: 2
  selector:
    matchLabels: { app: ${name} }
  template:
    metadata:
      labels: { app: ${name} }
    spec:
      automountServiceAccountToken: false
      serviceAccountName: ${name}
      terminationGracePeriodSeconds: 75
      securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: api
          image: ghcr.io/example/${name}:1.0.0
          ports:
            - { name: http, containerPort: 8080 }
          env:
            - name: PORT
              valueFrom: { configMapKeyRef: { name: ${name}, key: PORT } }
            - name: OPENAI_API_KEY
              valueFrom: { secretKeyRef: { name: ${name}, key: OPENAI_API_KEY } }
          resources:
            requests: { cpu: 100m, memory: 256Mi }
            limits: { memory: 256Mi }
          readinessProbe: { httpGet: { path: /health/ready, port: http }, periodSeconds: 5 }
          livenessProbe: { httpGet: { path: /health/live, port: http }, failureThreshold: 6 }
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: { drop: [ALL] }
`,
    `${meta('Service')}spec:\n  selector: { app: ${name} }\n  ports:\n    - { port: 80, targetPort: http }\n`,
    `${meta('ConfigMap')}data:\n  PORT: "8080"\n  LOG_LEVEL: info\n`,
    `${meta('Secret')}stringData:\n  OPENAI_API_KEY: ""\n`,
    `${meta('ServiceAccount')}automountServiceAccountToken: false\n`,
    `${meta('PodDisruptionBudget', 'policy/v1')}spec:\n  maxUnavailable: 1\n  selector:\n    matchLabels: { app: ${name} }\n`,
    `${meta('Ingress', 'networking.k8s.io/v1')}spec:
  ingressClassName: traefik
  tls:
    - { hosts: [${name}.example.com], secretName: ${name}-tls }
  rules:
    - host: ${name}.example.com
      http:
        paths:
          - { path: /, pathType: Prefix, backend: { service: { name: ${name}, port: { number: 80 } } } }
`,
    `${meta('NetworkPolicy', 'networking.k8s.io/v1')}spec:\n  podSelector:\n    matchLabels: { app: ${name} }\n  policyTypes: [Ingress]\n  ingress:\n    - ports: [{ port: 8080 }]\n`,
  ];
}
