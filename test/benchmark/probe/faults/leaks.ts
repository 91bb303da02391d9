import { answered, health, problem } from '../base-service.ts';
import type { Fault } from '../fault.ts';
import type { Answer, Part, Service } from '../service.ts';
import { onSuccess, withHeaders } from './changes.ts';

const READY = '2.2';
/** Answers to unknown paths and malformed questions are judged with those of the health endpoints. */
const ERRORS = '2.1';
const FORM_OF_ERRORS = '7.5';
const PROVIDER = '9.6';

const NODE_STACK = `TypeError: Cannot read properties of undefined (reading 'id')
    at ask (/app/dist/routes/ask.js:41:23)
    at Layer.handle [as handle_request] (/app/node_modules/express/lib/router/layer.js:95:5)`;
const PYTHON_STACK = `Traceback (most recent call last):
  File "/app/service/main.py", line 88, in ask
    answer = await chain.ainvoke(question)
KeyError: 'question'`;
const JAVA_STACK = `java.lang.IllegalStateException: no row
\tat com.example.qna.AskController.ask(AskController.java:57)
\tat org.springframework.web.servlet.FrameworkServlet.service(FrameworkServlet.java:885)`;
const GO_STACK = `panic: runtime error: index out of range [3] with length 3

goroutine 18 [running]:
main.ask(0xc0000b4000)
\t/src/ask.go:77 +0x1d`;

/** The database answers, and the body tells what it last complained about. */
const readyTells = (output: string) => (base: Service) => ({
  ...base,
  ready: () => health({ status: 'pass', checks: { database: [{ status: 'pass', output }] } }),
});
const unknown = (part: Part) => (base: Service) => ({ ...base, unknown: part });

/** The answer to a question that is no JSON; every other stays as it is. */
export const malformed =
  (answer: Answer) =>
  (base: Service): Service => ({
    ...base,
    ask: (asked, counts, service) => {
      const given = base.ask(asked, counts, service);
      return typeof given !== 'string' && given.status === 400 ? answer : given;
    },
  });

const html = (status: number, body: string): Answer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: `<!DOCTYPE html>\n<html>\n<head><title>Error</title></head>\n<body>\n<pre>${body}</pre>\n</body>\n</html>\n`,
});

/** What strangers are told about the inside of the service. */
export const LEAK_FAULTS: readonly Fault[] = [
  {
    name: 'readiness-leaks-dsn',
    tells: 'The readiness endpoint shows the connection string of the database, with its password.',
    item: READY,
    check: 'health/leak',
    says: /The body tells (?:a secret|a connection string)/,
    breaks: readyTells('cannot connect to postgres://qna:Tr0ub4dor@db:5432/qna'),
  },
  {
    name: 'readiness-leaks-stack',
    tells: 'The readiness endpoint shows a stack trace.',
    item: READY,
    check: 'health/leak',
    says: /The body tells a stack trace/,
    breaks: readyTells(NODE_STACK),
  },
  {
    name: 'readiness-leaks-driver-text',
    tells: 'The readiness endpoint passes on what the driver says, with the name of the user.',
    item: READY,
    check: 'health/leak',
    says: /The body tells the text of a driver/,
    breaks: readyTells('password authentication failed for user "qna"'),
  },
  {
    name: 'readiness-leaks-address',
    tells: 'The readiness endpoint shows the address of the database.',
    item: READY,
    check: 'health/leak',
    says: /The body tells an internal address/,
    breaks: (base) => ({
      ...base,
      ready: () => health({ status: 'pass', checks: { database: [{ status: 'pass', host: '10.42.3.17:5432' }] } }),
    }),
  },
  {
    name: 'readiness-leaks-cluster-name',
    tells: 'The readiness endpoint shows the name of the database in the cluster.',
    item: READY,
    check: 'health/leak',
    says: /The body tells an internal address/,
    breaks: (base) => ({
      ...base,
      ready: () =>
        health({ status: 'pass', checks: { database: [{ status: 'pass', host: 'postgres.prod.svc.cluster.local' }] } }),
    }),
  },
  {
    name: 'readiness-leaks-version',
    tells: 'The readiness endpoint shows the exact version of the database.',
    item: READY,
    check: 'health/leak',
    says: /The body tells the version of a product/,
    breaks: (base) => ({
      ...base,
      ready: () => health({ status: 'pass', checks: { database: [{ status: 'pass', version: 'PostgreSQL 15.3' }] } }),
    }),
  },
  {
    name: 'liveness-leaks-environment',
    tells: 'The liveness endpoint shows the environment of the process, with a key in it.',
    item: ERRORS,
    check: 'health/leak',
    says: /The body tells a secret/,
    breaks: (base) => ({
      ...base,
      live: () => health({ status: 'pass', env: { OPENAI_API_KEY: 'sk-proj-4b1d9f2c7a6e8d3f5a0c9b8e' } }),
    }),
  },
  {
    name: 'stack-in-404',
    tells: 'An unknown path is answered with a stack trace.',
    item: ERRORS,
    check: 'health/leak',
    says: /The body tells a stack trace/,
    breaks: unknown(() => problem(404, 'Not Found', { stack: NODE_STACK })),
  },
  {
    name: 'stack-in-500',
    tells: 'An unknown path breaks the error handler, which answers 500 with a Python traceback.',
    item: ERRORS,
    check: 'health/leak',
    says: /The body tells a stack trace/,
    breaks: unknown(() => html(500, PYTHON_STACK)),
  },
  {
    name: 'java-stack-in-400',
    tells: 'A malformed question is answered with a Java stack trace.',
    item: ERRORS,
    check: 'health/leak',
    says: /The body tells a stack trace/,
    breaks: malformed(problem(400, 'Bad Request', { trace: JAVA_STACK })),
    asks: true,
  },
  {
    name: 'go-panic-in-500',
    tells: 'A malformed question lets a Go service panic, and the panic is the answer.',
    item: ERRORS,
    check: 'health/leak',
    says: /The body tells a stack trace/,
    breaks: malformed({ status: 500, headers: { 'content-type': 'text/plain' }, body: GO_STACK }),
    asks: true,
  },
  {
    name: 'sql-in-400',
    tells: 'A malformed question reaches the database, and its complaint is the answer.',
    item: ERRORS,
    check: 'health/leak',
    says: /The body tells the text of a driver/,
    breaks: malformed(problem(400, 'Bad Request', { detail: 'syntax error at or near "qna" (SQLSTATE 42601)' })),
    asks: true,
  },
  {
    name: 'upstream-error-leaked',
    tells: 'A malformed question is answered with the error of the provider, and with its key.',
    item: ERRORS,
    check: 'health/leak',
    says: /The body tells a secret/,
    breaks: malformed(
      problem(502, 'Bad Gateway', { detail: '401 Incorrect API key provided: sk-proj-4b1d9f2c7a6e8d3f5a0c9b8e.' }),
    ),
    asks: true,
  },
  {
    name: 'upstream-error-leaked-by-answer',
    tells: 'The provider refuses the question itself, and the caller is told its error and its key.',
    item: PROVIDER,
    check: 'llm/error-leak',
    says: /An answer of 502 tells (?:a secret|the words of a provider)/,
    breaks: onSuccess(() =>
      problem(502, 'Bad Gateway', { detail: '401 Incorrect API key provided: sk-proj-4b1d9f2c7a6e8d3f5a0c9b8e.' }),
    ),
    asks: true,
  },
  {
    name: 'error-echoes-caller-token',
    tells: "An error repeats the caller's own token, which then stands in the logs of everybody between.",
    item: ERRORS,
    check: 'health/leak',
    says: /The body tells a secret/,
    breaks: unknown(({ headers }) => problem(404, 'Not Found', { request: { authorization: headers.authorization } })),
    asks: true,
  },
  {
    name: 'path-in-404',
    tells: 'An unknown path is looked for on the disk, and the answer says where.',
    item: ERRORS,
    check: 'health/leak',
    says: /The body tells a file path/,
    breaks: unknown(() => problem(404, 'Not Found', { detail: "ENOENT: no such file '/usr/src/app/public/index.js'" })),
  },
  {
    name: 'html-error-page',
    tells: 'An unknown path is answered with the page for people that the framework brings.',
    item: FORM_OF_ERRORS,
    check: 'http/errors',
    says: /web page|HTML/,
    breaks: unknown(({ path }) => html(404, `Cannot GET ${path}`)),
  },
  {
    name: 'unknown-path-200',
    tells: 'Any path is answered with 200.',
    item: FORM_OF_ERRORS,
    check: 'http/errors',
    says: /had to be refused is answered with success/,
    breaks: unknown(() => answered({ message: 'Welcome.' })),
  },
  {
    name: 'malformed-question-200',
    tells: 'A question that is no JSON is answered with 200.',
    item: FORM_OF_ERRORS,
    check: 'http/errors',
    says: /had to be refused is answered with success/,
    breaks: malformed(answered({ answer: '' })),
    asks: true,
  },
  {
    name: 'malformed-question-500',
    tells: 'A question that is no JSON is answered with 500, as if the service were at fault.',
    item: FORM_OF_ERRORS,
    check: 'http/errors',
    says: /fault of the service's own/,
    breaks: malformed(problem(500, 'Internal Server Error')),
    asks: true,
  },
  {
    name: 'x-powered-by',
    tells: 'Every answer says that it comes from Express.',
    item: ERRORS,
    check: 'health/leak',
    says: /X-Powered-By: Express/,
    breaks: (base) => ({ ...base, headers: { ...base.headers, 'x-powered-by': 'Express' } }),
  },
  {
    name: 'server-version',
    tells: 'Every answer tells the version of the web server.',
    item: ERRORS,
    check: 'health/leak',
    says: /Server: nginx\/1\.18\.0/,
    breaks: (base) => ({ ...base, headers: { ...base.headers, server: 'nginx/1.18.0 (Ubuntu)' } }),
  },
  {
    name: 'aspnet-version',
    tells: 'Refused requests tell the version of ASP.NET.',
    item: ERRORS,
    check: 'health/leak',
    says: /X-AspNet-Version/,
    breaks: (base) => ({ ...base, unknown: withHeaders(base.unknown, { 'x-aspnet-version': '4.0.30319' }) }),
  },
];
