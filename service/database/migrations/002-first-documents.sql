INSERT INTO documents (title, body) VALUES
  ('Backups', 'A job dumps the database every night with pg_dump and keeps the dumps on a volume of their own. To restore a backup, copy the newest dump to a fresh database with pg_restore and compare the row counts. A weekly drill restores the newest dump into a scratch server and fails loudly when it cannot.'),
  ('Health endpoints', 'The liveness endpoint /health/live answers while the process runs, whatever its dependencies do. The readiness endpoint /health/ready asks the database and answers 503 while it cannot be reached, so that no traffic is sent there.'),
  ('Metrics', 'The metrics endpoint /metrics tells requests, errors and latency for each route, the latency of the language model and the number of tool calls. Prometheus scrapes it.'),
  ('Settings', 'The service reads its settings from the environment. PORT is the port that it listens on, DATABASE_URL the database, OPENAI_API_KEY the key of the language model. Without a key the service answers from its documents alone.'),
  ('Shutting down', 'When a pod is told to stop, readiness turns to 503 at once, requests that have begun are finished, and the process ends by itself before the grace period is over.'),
  ('Secrets', 'Keys and passwords live in a Kubernetes Secret that is kept out of source control. To rotate a key, change the Secret and restart the deployment.');
