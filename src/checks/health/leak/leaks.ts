import type { Severity } from '../../../core/check.ts';
import { findSecrets } from '../../../core/secret-text.ts';

/** Something in an answer that tells strangers how the service is built. */
export interface Leak {
  readonly kind: string;
  /** The place of it in the text; never the value of a secret. */
  readonly excerpt: string;
  /** Set where it is less than an error. */
  readonly severity?: Severity;
}

/** Repetitions are bounded: the text is whatever a server sends. */
const FORMS: readonly { readonly kind: string; readonly pattern: RegExp; readonly severity?: Severity }[] = [
  {
    kind: 'a connection string',
    pattern: /\b(?:postgres(?:ql)?|mysql|mongodb(?:\+srv)?|rediss?|amqps?|jdbc:[a-z]+|nats|kafka):\/\/[^\s"'<>]+/i,
  },
  {
    kind: 'a stack trace',
    pattern:
      /(?:^|\\n|\n)[ \t]{0,20}at (?:async )?[\w.<>$[\] ]{1,120}\([^()\n]{0,300}:\d{1,7}:\d{1,7}\)|\bTraceback \(most recent call last\)|File \\?"[^"\n]+\.py\\?", line \d+|\bgoroutine \d+ \[running\]|(?:^|\\n|\n)(?:[ \t]|\\t){0,20}at [\w.$]{1,200}\([A-Z]\w{0,100}\.java:\d+\)/,
  },
  {
    kind: 'the text of a driver',
    pattern:
      /password authentication failed|\bSQLSTATE\b|\brelation \\?"[^"]+\\?" does not exist|\b(?:ECONNREFUSED|ENOTFOUND|ETIMEDOUT|EAI_AGAIN)\b|getaddrinfo|psycopg|asyncpg\.|sqlalchemy\.|pymysql|connection to server at|syntax error at or near/i,
  },
  {
    kind: 'a file path',
    pattern:
      /(?:^|[\s"'(])\/(?:app|usr\/src|usr\/local\/lib|home|srv|opt|var\/(?:www|lib))\/[\w./@-]{0,300}\.(?:js|ts|mjs|cjs|py|rb|go|java|jar|php)\b|\/node_modules\//,
  },
  {
    kind: 'the version of a product',
    // As the banners in headers are.
    severity: 'note',
    pattern:
      /\b(?:PostgreSQL|MySQL|MariaDB|MongoDB|SQLite|Redis|OpenSSL|nginx|Apache(?: Tomcat)?|Jetty|Werkzeug|gunicorn|Express|Node\.js|PHP|Python)[ /]v?\d{1,3}\.\d{1,3}/,
  },
  {
    kind: 'an internal address',
    pattern:
      /\b(?:10\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01])|192\.168)\.\d{1,3}\.\d{1,3}(?::\d{2,5})?\b|\b[a-z0-9-]{1,63}\.[a-z0-9-]{1,63}\.svc(?:\.cluster\.local)?\b/,
  },
];

/** Finds what must not be told in the body of an answer. */
export function leaksIn(body: string): readonly Leak[] {
  const secrets = findSecrets(body).map(({ kind }) => ({ kind: 'a secret', excerpt: `(${kind}, not shown)` }));
  const forms = FORMS.flatMap(({ pattern, ...form }) => {
    const match = pattern.exec(body);
    return match === null ? [] : [{ ...form, excerpt: shorten(match[0].trim()) }];
  });
  return [...secrets, ...forms];
}

/** A product with its version number, which tells an attacker which faults to try. */
export function bannersIn(headers: Readonly<Record<string, string>>): readonly string[] {
  const server = headers.server ?? '';
  return [
    ...(/\/\d/.test(server) ? [`Server: ${shorten(server)}`] : []),
    ...(headers['x-powered-by'] === undefined ? [] : [`X-Powered-By: ${shorten(headers['x-powered-by'])}`]),
    ...(headers['x-aspnet-version'] === undefined ? [] : ['X-AspNet-Version']),
  ];
}

/** Shows the beginning only, and no userinfo of a connection string. */
function shorten(text: string): string {
  const safe = text.replace(/\/\/[^/@\s]*@/, '//…@');
  return safe.length > 60 ? `${safe.slice(0, 60)}…` : safe;
}
