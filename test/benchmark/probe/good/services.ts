import { join } from 'node:path';
import { freePort } from '../../../../scripts/wait.ts';
import { bundledService } from './bundled-service.ts';
import type { GoodService } from './good-service.ts';
import { buildGo, buildJava, installNode, installPython } from './install.ts';
import { startProgram } from './start-program.ts';

const WITHOUT_GAUGES = 'three gauges that prom-client calls `_total` are taken off: `promtool` refuses their names too';

const KNOWN_METHODS =
  'methods that nobody serves are refused before they are counted, since the library makes a label of each';

/** Services of other languages and frameworks, installed by the benchmark itself. */
export const GOOD_SERVICES: readonly GoodService[] = [
  bundledService,
  node('Express', 'express', ['express@5.3.0', 'prom-client@15.1.3'], `${WITHOUT_GAUGES}; \`X-Powered-By\` is off`),
  node(
    'Express with express-prom-bundle',
    'express-prom-bundle',
    ['express@5.3.0', 'express-prom-bundle@8.0.0', 'prom-client@15.1.3'],
    'paths are the templates of routes and methods are folded, where the middleware writes what the caller sent; its gauge `up` is off; buckets end at 10 s; `X-Powered-By` is off',
  ),
  node(
    'Fastify',
    'fastify',
    ['fastify@5.12.8', 'fastify-metrics@14.1.0'],
    'five metrics of the Prometheus client and one of the plugin are off, whose names `promtool` refuses too',
  ),
  node(
    'OpenTelemetry for Node',
    'opentelemetry',
    ['@opentelemetry/exporter-prometheus@0.301.0', '@opentelemetry/sdk-metrics@3.1.1', '@opentelemetry/api@1.10.0'],
    'buckets are those that the conventions of OpenTelemetry recommend, since the ones of the SDK are for milliseconds; the page is packed, which the exporter leaves to others',
  ),
  python(
    'FastAPI',
    'fastapi',
    ['fastapi==0.165.0', 'uvicorn==0.54.0', 'prometheus-fastapi-instrumentator==8.1.0', 'prometheus-client==0.26.0'],
    'uvicorn',
    `health endpoints answer HEAD, which FastAPI refuses unless it is told; all errors are of one form; ${KNOWN_METHODS}`,
  ),
  python(
    'Starlette',
    'starlette',
    ['starlette==1.10.0', 'uvicorn==0.54.0', 'starlette-exporter==0.24.0', 'prometheus-client==0.26.0'],
    'uvicorn',
    `paths are grouped by route, and paths without one are left out; errors are JSON; ${KNOWN_METHODS}`,
  ),
  python(
    'Django',
    'django',
    ['django==5.2.19', 'gunicorn==27.0.1', 'django-prometheus==2.5.0', 'prometheus-client==0.26.0'],
    'gunicorn',
    `\`PROMETHEUS_EXPORT_MIGRATIONS\` is off, and \`DEBUG\` too; ${KNOWN_METHODS}`,
  ),
  go('Go with promhttp', 'promhttp', 'Go, net/http, client_golang 1.25.0'),
  go('Go kit', 'go-kit', 'Go, go-kit 0.13.0, client_golang 1.25.0'),
  {
    name: 'Micrometer',
    madeOf: 'Java, the HTTP server of the JDK, micrometer-registry-prometheus 1.15.4',
    start: async () => {
      const folder = await buildJava('micrometer');
      const port = await freePort();
      return startProgram({
        command: 'java',
        args: ['-Dsun.net.httpserver.maxReqHeaderSize=16384', '-cp', `${folder}:${join(folder, 'libraries/*')}`, 'App'],
        cwd: folder,
        env: { PORT: String(port) },
        port,
      });
    },
  },
];

function node(name: string, folder: string, packages: readonly string[], configured: string): GoodService {
  return {
    name,
    madeOf: `Node, ${packages.map((each) => each.replace(/@(?=[\d.]+$)/, ' ')).join(', ')}`,
    configured,
    start: async () => {
      const home = await installNode(folder, packages);
      const port = await freePort();
      return startProgram({
        command: process.execPath,
        args: ['app.mjs'],
        cwd: home,
        env: { PORT: String(port), NODE_ENV: 'production' },
        port,
      });
    },
  };
}

function python(
  name: string,
  folder: string,
  packages: readonly string[],
  server: 'uvicorn' | 'gunicorn',
  configured: string,
): GoodService {
  return {
    name,
    madeOf: `Python, ${packages.map((each) => each.replace('==', ' ')).join(', ')}`,
    configured: `${configured}; the series \`_created\` of the client are off`,
    start: async () => {
      const home = await installPython(folder, packages);
      const port = await freePort();
      const address =
        server === 'uvicorn' ? ['--host', '127.0.0.1', '--port', String(port)] : ['-b', `127.0.0.1:${port}`];
      // The banner of uvicorn names no version, and is off all the same.
      const quiet =
        server === 'uvicorn' ? ['--no-server-header', '--no-access-log', '--log-level', 'warning'] : ['--threads', '4'];
      return startProgram({
        command: join(home, 'bin/python'),
        args: ['-m', server, 'app:app', ...address, ...quiet],
        cwd: home,
        env: { PROMETHEUS_DISABLE_CREATED_SERIES: 'True', PYTHONDONTWRITEBYTECODE: '1' },
        port,
      });
    },
  };
}

function go(name: string, folder: string, madeOf: string): GoodService {
  return {
    name,
    madeOf,
    start: async () => {
      const binary = await buildGo(folder);
      const port = await freePort();
      return startProgram({ command: binary, args: [], cwd: join(binary, '..'), env: { PORT: String(port) }, port });
    },
  };
}
