import { cutOff, type Fault, neverAnswer, refuse, say } from './fault-proxy.ts';

/** What befalls an audit, and what it must say. The fault befalls the list of Services where the story does not say otherwise. */
export interface FaultStory {
  readonly tells: string;
  readonly faults: readonly Fault[];
  readonly args?: readonly string[];
  /** The reason that stands in the report for what was not seen; undefined where all is seen in the end. */
  readonly reason?: RegExp;
  /** A part was seen before the fault. */
  readonly partly?: boolean;
}

const SERVICES = /\/services\?/;
/** Five ConfigMaps come in three pages, as five thousand would in ten. */
const SMALL_PAGES: Fault = { on: /\/configmaps\?/, ask: (path) => path.replace('limit=500', 'limit=2') };
const LATER_PAGES = /\/configmaps\?.*continue=/;

export const FAULT_STORIES: readonly FaultStory[] = [
  {
    tells: '401 in the middle of the run',
    faults: [{ on: SERVICES, answer: refuse(401, 'Unauthorized') }],
    reason: /list services in the namespace .*: Unauthorized/,
  },
  {
    tells: '403',
    faults: [{ on: SERVICES, answer: refuse(403, 'services is forbidden: User "x" cannot list resource "services"') }],
    reason: /cannot list resource "services"/,
  },
  {
    tells: '404 for a kind that every server has',
    faults: [{ on: SERVICES, answer: refuse(404, 'the server could not find the requested resource') }],
    reason: /could not find the requested resource/,
  },
  { tells: '409', faults: [{ on: SERVICES, answer: refuse(409, 'conflict') }], reason: /: conflict/ },
  { tells: '500 once', faults: [{ on: SERVICES, times: 1, answer: refuse(500, 'etcd leader changed') }] },
  {
    tells: '500 for ever',
    faults: [{ on: SERVICES, answer: refuse(500, 'etcd leader changed') }],
    reason: /etcd leader changed/,
  },
  { tells: '503 once', faults: [{ on: SERVICES, times: 1, answer: refuse(503, 'starting') }] },
  { tells: '503 for ever', faults: [{ on: SERVICES, answer: refuse(503, 'starting') }], reason: /: starting/ },
  {
    tells: '429 three times, with a rest to take',
    faults: [{ on: SERVICES, times: 3, answer: refuse(429, 'too many requests', { 'retry-after': '0' }) }],
  },
  {
    tells: '429 for ever',
    faults: [{ on: SERVICES, answer: refuse(429, 'too many requests', { 'retry-after': '0' }) }],
    reason: /too many requests/,
  },
  {
    tells: '429 with a rest that is longer than anybody waits',
    faults: [{ on: SERVICES, answer: refuse(429, 'too many requests', { 'retry-after': '3600' }) }],
    reason: /asks to wait 3600 s/,
  },
  {
    tells: '429 with a rest that is longer than the deadline',
    faults: [{ on: SERVICES, answer: refuse(429, 'too many requests', { 'retry-after': '20' }) }],
    args: ['--deadline', '2'],
    reason: /the deadline of 2 s for the whole run was over, after the answer: too many requests/,
  },
  {
    tells: 'a server that says nothing',
    faults: [{ on: SERVICES, answer: neverAnswer }],
    args: ['--timeout', '1'],
    reason: /no answer within 1 s/,
  },
  {
    tells: 'a server that says nothing until the deadline',
    faults: [{ on: SERVICES, answer: neverAnswer }],
    args: ['--deadline', '2'],
    reason: /the deadline of 2 s for the whole run was over/,
  },
  {
    tells: 'a list that is cut off once',
    faults: [{ on: SERVICES, times: 1, answer: cutOff('{"kind":"ServiceList","items":[') }],
  },
  {
    tells: 'a list that is cut off each time',
    faults: [{ on: SERVICES, answer: cutOff('{"kind":"ServiceList","items":[') }],
    reason: /the connection was closed by the other side|the answer was cut off/,
  },
  {
    tells: 'malformed JSON each time',
    faults: [{ on: SERVICES, answer: say('{"kind":"ServiceList","items":[') }],
    reason: /malformed JSON/,
  },
  {
    tells: 'malformed JSON once',
    faults: [{ on: SERVICES, times: 1, answer: say('{"kind":"ServiceList","items":[') }],
  },
  {
    tells: 'the page of a proxy',
    faults: [{ on: SERVICES, answer: say('<html>Sign in</html>', 'text/html') }],
    reason: /text\/html instead of JSON/,
  },
  { tells: 'JSON that is no list', faults: [{ on: SERVICES, answer: say('{}') }], reason: /the answer is no list/ },
  {
    tells: 'a list without items',
    faults: [{ on: SERVICES, answer: say('{"kind":"ServiceList","metadata":{}}') }],
    reason: /the answer is no list/,
  },
  {
    tells: 'a redirect',
    faults: [
      {
        on: SERVICES,
        answer: (response) => response.writeHead(302, { location: 'https://login.example.com/' }).end(),
      },
    ],
    reason: /redirects to https:\/\/login\.example\.com\//,
  },
  { tells: 'pages of a large list', faults: [SMALL_PAGES] },
  {
    tells: '410 on a continue token once',
    faults: [
      SMALL_PAGES,
      { on: LATER_PAGES, times: 1, answer: refuse(410, 'The provided continue parameter is too old') },
    ],
  },
  {
    tells: '410 on a continue token each time',
    faults: [SMALL_PAGES, { on: LATER_PAGES, answer: refuse(410, 'The provided continue parameter is too old') }],
    reason: /list configmaps in the namespace .*: The provided continue parameter is too old/,
    partly: true,
  },
  {
    tells: '403 on a later page',
    faults: [SMALL_PAGES, { on: LATER_PAGES, answer: refuse(403, 'no longer allowed') }],
    reason: /list configmaps in the namespace .*: no longer allowed/,
    partly: true,
  },
  {
    tells: 'a list that never ends',
    faults: [
      {
        on: /\/configmaps\?/,
        answer: say('{"kind":"ConfigMapList","metadata":{"continue":"again"},"items":[]}'),
      },
    ],
    reason: /the list never ends/,
  },
  {
    tells: '404 for a kind that the server says it has',
    faults: [
      {
        on: /^\/apis$/,
        rewrite: (body) => {
          const list = JSON.parse(body) as { items: object[] };
          const versions = [{ version: 'v1', freshness: 'Current', resources: [{ resource: 'schedules' }] }];
          list.items.push({ metadata: { name: 'velero.io' }, versions });
          return JSON.stringify(list);
        },
      },
    ],
    reason: /list schedules in the namespace .*: the server could not find the requested resource|list schedules .*404/,
  },
  {
    tells: 'a server that tells no groups',
    faults: [{ on: /^\/apis$/, answer: refuse(403, 'forbidden') }],
  },
  {
    tells: 'a server that does not know aggregated discovery',
    faults: [
      {
        on: /^\/apis$/,
        rewrite: (body) => {
          const { items } = JSON.parse(body) as {
            items: readonly { metadata: { name: string }; versions: readonly { version: string }[] }[];
          };
          const groups = items.map(({ metadata: { name }, versions }) => ({
            name,
            versions: versions.map(({ version }) => ({ version, groupVersion: `${name}/${version}` })),
          }));
          return JSON.stringify({ kind: 'APIGroupList', apiVersion: 'v1', groups });
        },
      },
    ],
  },
  {
    tells: 'a server that keeps its version to itself',
    faults: [{ on: /^\/version$/, answer: refuse(403, 'forbidden') }],
  },
  {
    tells: 'a server two versions older',
    faults: [{ on: /^\/version$/, answer: say('{"major":"1","minor":"33","gitVersion":"v1.33.9"}') }],
  },
  {
    tells: 'a server two versions newer',
    faults: [{ on: /^\/version$/, answer: say('{"major":"1","minor":"39","gitVersion":"v1.39.0"}') }],
  },
  {
    tells: 'a server whose autoscaling API has only a version that nobody knows yet',
    faults: [
      {
        on: /^\/apis$/,
        rewrite: (body) => body.replaceAll(/"version":"v[12]"(?=[^}]*?"horizontalpodautoscalers")/g, '"version":"v9"'),
      },
    ],
    reason: /HorizontalPodAutoscaler as autoscaling\/v9 (?:and autoscaling\/v9 )?only, and v2 is understood/,
  },
];
