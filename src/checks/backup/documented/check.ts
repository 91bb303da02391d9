import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { TextDocument } from '../../../core/file-facts.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import { notApplicable } from '../../verdicts.ts';

export const backupDocumentedCheck = defineCheck({
  id: 'backup/documented',
  title: 'A document tells how to back up and to restore, with commands, RPO and RTO',
  severity: 'error',
  why: 'A restore happens at night, by somebody who did not write the backup. Without the commands, and without knowing how much may be lost and how long it may take, an hour of reading comes first.',
  how: 'Where a database or a claim is among the input, one Markdown document among the input speaks of backup and of restore, shows a command that restores (pg_restore, psql, kubectl, velero or a tool of that kind) as code, and gives a number for RPO and for RTO.',
  fix: 'Write docs/BACKUP.md: where the backups lie, the commands that restore one with the real names filled in, the RPO and the RTO.',
  verify: 'Let somebody who did not write it follow the document in a test namespace.',
  references: [
    'https://www.postgresql.org/docs/current/app-pgrestore.html',
    'https://sre.google/sre-book/data-integrity/',
  ],
  only: ['files'],
  needs: [...ROLE_FACTS, 'documents', 'persistentVolumeClaims', 'databaseClusters'],
  evaluate: (facts, settings) => {
    const stores = playing('database', rolesOf(facts, settings)).length + facts.persistentVolumeClaims.length;
    return stores + facts.databaseClusters.length === 0
      ? notApplicable('backup document', 'Nothing among the input keeps data.')
      : [judge(facts.documents)];
  },
});

const QUALITIES: readonly { readonly what: string; readonly holds: (text: string) => boolean }[] = [
  { what: 'the backup', holds: (text) => /\bback(?:ed|ing)?[ -]?ups?\b/i.test(text) },
  { what: 'the restore', holds: (text) => /\brestor(?:e|es|ed|ing|ation)\b/i.test(text) },
  {
    what: 'a command that restores',
    holds: (text) =>
      codeOf(text).some((code) =>
        /\b(?:pg_restore|psql|kubectl|velero|pgbackrest|wal-g|barman|restic|mysql)\b/.test(code),
      ),
  },
  { what: 'the RPO', holds: (text) => /(?:\bRPO\b|recovery point objective)[\s\S]{0,200}?\d/i.test(text) },
  { what: 'the RTO', holds: (text) => /(?:\bRTO\b|recovery time objective)[\s\S]{0,200}?\d/i.test(text) },
];

function judge(documents: readonly TextDocument[]): Verdict {
  const subject = 'backup document';
  const expected = `one document with ${QUALITIES.map(({ what }) => what).join(', ')}`;
  const [first] = documents;
  if (first === undefined)
    return {
      outcome: 'unknown',
      subject,
      message: 'No document was among the input, so what is written about restoring is not known.',
      expected,
      fix: 'Give the folder that holds the documents too, not only the one with the manifests.',
    };
  const [best = { document: first, lacking: [] }] = documents
    .map((document) => ({
      document,
      lacking: QUALITIES.filter(({ holds }) => !holds(document.text)).map(({ what }) => what),
    }))
    .sort((a, b) => a.lacking.length - b.lacking.length || subjectRank(b.document) - subjectRank(a.document));
  const { document, lacking } = best;
  const where = { file: document.file, ...placeOf(document.text) };
  if (lacking.length === 0)
    return {
      outcome: 'pass',
      subject: document.file,
      message: 'The document tells how to back up and to restore.',
      where,
      observed: 'backup, restore, commands, RPO and RTO',
    };
  const told = lacking.length < QUALITIES.length - 1;
  return {
    outcome: 'fail',
    subject: told ? document.file : subject,
    message: told ? `The document lacks ${lacking.join(', ')}.` : 'No document tells how to restore a backup.',
    where,
    observed: told
      ? `no word of ${lacking.join(', ')}`
      : `documents ${documents
          .map(({ file }) => file)
          .slice(0, 5)
          .join(', ')}, none about it`,
    expected,
  };
}

/** Among equals, the one whose name says that it is about backups. */
function subjectRank({ file }: TextDocument): number {
  return /backup|restore|recovery/i.test(file.slice(file.lastIndexOf('/') + 1)) ? 1 : 0;
}

/** Code blocks, fenced or indented, and code within a line. */
function codeOf(text: string): readonly string[] {
  return [...text.matchAll(/^ {0,3}(```+|~~~+)[\s\S]*?^ {0,3}\1|^(?: {4}|\t).*|`[^`\n]+`/gm)].map(([code]) => code);
}

/** The line of the first heading about the matter, else the first line. */
function placeOf(text: string): { readonly line: number; readonly column: number } {
  const line = text.split('\n').findIndex((row) => /^#.*(?:back[ -]?up|restor)/i.test(row));
  return { line: Math.max(line, 0) + 1, column: 1 };
}
