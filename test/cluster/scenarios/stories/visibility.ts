import type { Overlay, Stage } from '../stage.ts';
import type { BrokenStory } from '../story.ts';

/** Has the shape of a provider's key, and belongs to nobody. */
const LOGGED_KEY = `sk-proj-${'Zq7Lw3Rt9Xc5Vb1N'.repeat(3)}`;
const ASK = 'POST /v1/ask {"question": "What is the refund policy?"}';

/** Faults of section 3: what the service says of itself. */
export const VISIBILITY_STORIES: readonly BrokenStory[] = [
  {
    name: 'plain-text-logs',
    tells: 'A library writes plain text between the JSON lines.',
    overlay: withPreload("console.log('Server started, waiting for requests');"),
    proven: async ({ kubectl }) => (await kubectl('logs', 'deployments/qna')).startsWith('Server started'),
    item: '3.1',
    verdict: { by: 'audit', check: 'logs/structured', says: /text/ },
  },
  {
    name: 'key-in-log',
    tells: 'The key of the provider is printed in a log line.',
    secret: LOGGED_KEY,
    overlay: withPreload(
      // In two pieces, for a whole one in a ConfigMap is another story.
      `const key = 'sk-' + '${LOGGED_KEY.slice(3)}';
      console.log(JSON.stringify({ level: 'info', time: new Date().toISOString(), msg: 'calling with ' + key }));`,
    ),
    proven: async ({ kubectl }) => (await kubectl('logs', 'deployments/qna')).includes(LOGGED_KEY),
    item: '3.1',
    verdict: { by: 'audit', check: 'logs/secret-free', says: /key/ },
  },
  {
    name: 'metrics-frozen',
    tells: 'The metrics are there and do not move.',
    overlay: withPreload(`
      import { Server } from 'node:http';
      const { emit } = Server.prototype;
      let first;
      Server.prototype.emit = function (event, request, response) {
        if (event !== 'request' || request.url !== '/metrics') return emit.apply(this, arguments);
        if (first !== undefined) {
          response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(first);
          return true;
        }
        delete request.headers.accept;
        delete request.headers['accept-encoding'];
        const { end } = response;
        response.end = (body, ...rest) => end.call(response, (first = body), ...rest);
        return emit.apply(this, arguments);
      };`),
    proven: async (stage) => {
      const [first, second] = [await metricsOf(stage), await metricsOf(stage)];
      return first === second;
    },
    item: '3.3',
    verdict: { by: 'probe', check: 'metrics/moves', says: /./, args: ['--ask', ASK] },
  },
  {
    name: 'metrics-unscraped',
    tells: 'Nothing tells Prometheus to scrape the pods.',
    overlay: {
      patches: [
        {
          kind: 'Deployment',
          name: 'qna',
          operations: [
            { op: 'remove', path: '/spec/template/metadata/annotations/prometheus.io~1scrape' },
            { op: 'remove', path: '/spec/template/metadata/annotations/prometheus.io~1port' },
          ],
        },
      ],
    },
    proven: async ({ read }) =>
      !(await read('deployments/qna', 'spec/template/metadata/annotations')).includes('scrape'),
    item: '3.2',
    verdict: { by: 'audit', check: 'metrics/scraped', says: /scrape/ },
  },
];

/** The real service, which Node makes to load a module before it: a fault of the program without another program. */
function withPreload(source: string): Overlay {
  const pod = '/spec/template/spec';
  return {
    resources: [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'preload' }, data: { 'preload.mjs': source } },
    ],
    patches: [
      {
        kind: 'Deployment',
        name: 'qna',
        operations: [
          { op: 'add', path: `${pod}/volumes/-`, value: { name: 'preload', configMap: { name: 'preload' } } },
          { op: 'add', path: `${pod}/containers/0/volumeMounts/-`, value: { name: 'preload', mountPath: '/preload' } },
          {
            op: 'add',
            path: `${pod}/containers/0/env/-`,
            value: { name: 'NODE_OPTIONS', value: '--import=/preload/preload.mjs' },
          },
        ],
      },
    ],
  };
}

/** The metrics of one pod, as the API server's proxy to the pods reads them. */
async function metricsOf({ kubectl, read, namespace }: Stage): Promise<string> {
  const [pod] = (await read('pods?labelSelector=app.kubernetes.io/instance=qna', 'metadata/name')).split(' ');
  return kubectl('get', '--raw', `/api/v1/namespaces/${namespace}/pods/${pod}:8080/proxy/metrics`);
}
