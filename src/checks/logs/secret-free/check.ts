import { defineCheck } from '../../../core/check.ts';
import { findSecrets } from '../../../core/secret-text.ts';
import { judgeStreams, lineOf, ofSpan } from '../judge-streams.ts';

/** As people write them; what stands before the host of a URL is none. */
const E_MAIL = /(?<![\w.%+/@:-])[\w.%+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?![\w.-]*[@:/])/i;

export const logsSecretFreeCheck = defineCheck({
  id: 'logs/secret-free',
  title: 'No log line holds a secret',
  severity: 'error',
  why: 'Logs are copied to systems that more people can read than the service, and kept for months. A key or a password in one line must be treated as stolen.',
  how: 'Every line is searched for keys in the forms of the common providers, private keys, tokens, passwords in connection strings and fields that are named as passwords. The value is masked as it is read and never shown. An e-mail address in a line is a note.',
  fix: 'Redact by field name and by value in the logger, log neither whole requests nor whole errors of clients, and replace the secret that was written.',
  verify: 'Run kubectl logs POD | grep -nE "sk-|://[^:@/ ]+:[^@/ ]+@|Bearer " and look at the named line.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html#data-to-exclude',
    'https://cwe.mitre.org/data/definitions/532.html',
  ],
  needs: ['logs'],
  evaluate: ({ logs }) =>
    judgeStreams(logs, (log) => {
      const hits = log.lines.flatMap((line, index) => findSecrets(line).map(({ kind }) => ({ kind, index })));
      const [first] = hits;
      const about = { subject: log.subject, expected: 'no secret in any line', where: lineOf(log, first?.index ?? 0) };
      const personal = log.lines.findIndex((line) => E_MAIL.test(line));
      if (first === undefined && personal !== -1)
        return {
          ...about,
          outcome: 'fail',
          severity: 'note',
          message: `A line holds an e-mail address, which is personal data; the first is line ${personal + 1}.`,
          observed: 'an e-mail address, not shown',
          expected: 'no secret and no personal data in any line',
          where: lineOf(log, personal),
        };
      if (first === undefined)
        return {
          ...about,
          outcome: 'pass',
          message: 'No line holds a secret in a known form.',
          observed: `${log.lines.length} lines searched${ofSpan(log)}`,
        };
      const kinds = [...new Set(hits.map(({ kind }) => kind))].join(', ');
      return {
        ...about,
        outcome: 'fail',
        message: `${new Set(hits.map(({ index }) => index)).size} lines hold a secret (${kinds}); the first is line ${first.index + 1}.`,
        observed: `${kinds}, not shown`,
      };
    }),
});
