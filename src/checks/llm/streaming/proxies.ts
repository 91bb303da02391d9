/** What a controller does with a long answer, as an Ingress tells it to. */
export interface Proxy {
  readonly name: string;
  /** How long it waits for the backend; Infinity where it never gives up. */
  readonly waitSeconds: number;
  /** The annotation that says so; absent where no annotation can. */
  readonly waitAnnotation?: string;
  readonly buffers: boolean;
  readonly bufferAnnotation?: string;
  /** An object that is not read may say otherwise. */
  readonly isElsewhere: boolean;
  /** What was read. */
  readonly said: string;
}

interface Controller {
  readonly name: string;
  /** What its annotations begin with. */
  readonly prefix: RegExp;
  /** What its class is called where nobody called it otherwise. */
  readonly className: RegExp;
  readonly wait: {
    readonly annotation?: string;
    readonly defaultSeconds: number;
    readonly pattern?: RegExp;
    /** An object of its own says so, which is not read. */
    readonly isElsewhere?: true;
  };
  readonly buffering?: { readonly annotation: string; readonly byDefault: boolean };
}

/** Defaults by the documentation of each; the annotations of the earlier ones decide between two of one class name. */
const CONTROLLERS: readonly Controller[] = [
  {
    name: 'The controller of NGINX Inc.',
    prefix: /^nginx\.org\//,
    className: /^nginx-(?:inc|plus)/,
    wait: { annotation: 'nginx.org/proxy-read-timeout', defaultSeconds: 60 },
    buffering: { annotation: 'nginx.org/proxy-buffering', byDefault: true },
  },
  {
    name: 'ingress-nginx',
    prefix: /^nginx\.ingress\.kubernetes\.io\//,
    className: /nginx/,
    wait: { annotation: 'nginx.ingress.kubernetes.io/proxy-read-timeout', defaultSeconds: 60 },
    buffering: { annotation: 'nginx.ingress.kubernetes.io/proxy-buffering', byDefault: false },
  },
  {
    name: 'Traefik',
    prefix: /^traefik\.ingress\.kubernetes\.io\//,
    className: /traefik/,
    wait: { defaultSeconds: Number.POSITIVE_INFINITY },
  },
  {
    name: 'HAProxy',
    prefix: /^haproxy\.org\//,
    className: /haproxy/,
    wait: { annotation: 'haproxy.org/timeout-server', defaultSeconds: 50 },
  },
  {
    name: 'The load balancer of AWS',
    prefix: /^alb\.ingress\.kubernetes\.io\//,
    className: /^alb$/,
    wait: {
      annotation: 'alb.ingress.kubernetes.io/load-balancer-attributes',
      defaultSeconds: 60,
      pattern: /idle_timeout\.timeout_seconds=(\d+)/,
    },
  },
  {
    name: 'Application Gateway',
    prefix: /^appgw\.ingress\.kubernetes\.io\//,
    className: /azure|application-gateway/,
    wait: { annotation: 'appgw.ingress.kubernetes.io/request-timeout', defaultSeconds: 30 },
  },
  {
    name: 'The load balancer of GKE',
    prefix: /^(?:networking\.gke\.io|ingress\.gcp\.kubernetes\.io|kubernetes\.io\/ingress\.allow-http)/,
    className: /^gce(?:-internal)?$/,
    wait: { defaultSeconds: 30, isElsewhere: true },
  },
];

/** The controller that serves an Ingress: by the annotations that are meant for it, else by the name of its class. */
export function proxyOf(
  ingressClass: string | undefined,
  annotations: Readonly<Record<string, string>>,
): Proxy | undefined {
  const keys = Object.keys(annotations);
  const controller =
    CONTROLLERS.find(({ prefix }) => keys.some((key) => prefix.test(key))) ??
    CONTROLLERS.find(({ className }) => className.test(ingressClass ?? ''));
  if (controller === undefined) return undefined;
  const { name, wait, buffering } = controller;
  const written = wait.annotation === undefined ? undefined : annotations[wait.annotation];
  const seconds = wait.pattern === undefined ? secondsOf(written) : secondsOf(wait.pattern.exec(written ?? '')?.[1]);
  const waitSeconds = seconds ?? wait.defaultSeconds;
  const switched = buffering === undefined ? undefined : annotations[buffering.annotation];
  const buffers =
    buffering !== undefined && (switched === undefined ? buffering.byDefault : /^(?:on|true)$/i.test(String(switched)));
  return {
    name,
    waitSeconds,
    ...(wait.annotation === undefined ? {} : { waitAnnotation: wait.annotation }),
    buffers,
    isElsewhere: wait.isElsewhere === true,
    ...(buffering === undefined ? {} : { bufferAnnotation: buffering.annotation }),
    said: [
      `${name} waits ${waitSeconds === Number.POSITIVE_INFINITY ? 'without end' : `${waitSeconds} s`}${seconds === undefined ? ' by default' : ''}`,
      ...(buffering === undefined
        ? []
        : [`buffering ${buffers ? 'on' : 'off'}${switched === undefined ? ' by default' : ''}`]),
    ].join(', '),
  };
}

/** `75`, `75s`, `2m`, `500ms`. */
function secondsOf(text: string | undefined): number | undefined {
  const [, digits, unit] = /^\s*(\d+)\s*(ms|s|m|h)?\s*$/.exec(String(text ?? '')) ?? [];
  if (digits === undefined) return undefined;
  return Number(digits) * (unit === 'ms' ? 0.001 : unit === 'm' ? 60 : unit === 'h' ? 3600 : 1);
}
