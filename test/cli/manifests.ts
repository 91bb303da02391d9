/** A Deployment and its Service; the least that a probe check has something to say about. */
export const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: qna
spec:
  selector:
    matchLabels: { app: qna }
  template:
    metadata:
      labels: { app: qna }
    spec:
      containers:
        - name: api
          image: ghcr.io/example/qna:1.0.0
          ports:
            - name: http
              containerPort: 8080
`;

export const SERVICE = `apiVersion: v1
kind: Service
metadata:
  name: qna
spec:
  selector: { app: qna }
  ports:
    - port: 80
      targetPort: http
`;

export const READY_DEPLOYMENT = DEPLOYMENT.replace(
  '              containerPort: 8080\n',
  `              containerPort: 8080
          readinessProbe:
            httpGet: { path: /health/ready, port: http }
`,
);

export const CONFIG_MAP = `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  LOG_LEVEL: info
`;
