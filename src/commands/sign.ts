import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { UserError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { Report, ReportItem } from '../core/report.ts';
import { evidenceOf, type Signoff, sealedText, sourcesOfProofs } from '../core/signoff.ts';
import { applyWrites } from '../scaffold/apply.ts';
import { digestOf } from '../scaffold/record.ts';
import { findSignoffs, readSignoffs, withSignoffs } from '../sources/configuration/signoffs-file.ts';
import { type ChecklistOptions, gatherChecklist } from './checklist.ts';
import type { Io } from './io.ts';
import { judgeRun } from './judge.ts';
import { configurationFolders } from './policy.ts';
import { applicationSigned, itemNames } from './signed-checklist.ts';

export interface SignOptions extends ChecklistOptions {
  /** Items by id or name. */
  readonly items: readonly string[];
  readonly by: string;
  readonly note: string;
  /** `YYYY-MM-DD`. */
  readonly until: string;
}

/** Longer than a year, nobody remembers what was looked at. */
const LONGEST_DAYS = 366;
const DAY_MS = 86_400_000;

/** Signs items for the evidence that there is now, and keeps the signatures in a file beside the manifests. */
export async function sign(options: SignOptions, io: Io): Promise<number> {
  const now = io.now();
  const ids = options.items.map(idOf);
  const by = words('--by', options.by, 200);
  const note = words('--note', options.note, 2000);
  refuseDay(options.until, now);
  const file = findSignoffs(options.signoffs, configurationFolders(options.paths, io), io.cwd);
  // What is there must be readable before anything is added to it.
  await readSignoffs(file, io.cwd);
  const { run, policy } = await gatherChecklist(options, io);
  const { report } = judgeRun(run, options, policy);
  const application = signedApplication(report);
  const signoffs = [...new Set(ids)].map((id) => {
    const item = signable(report, id);
    const proofs = item.findings
      .map((each) => report.findings.find((finding) => finding.id === each))
      .filter((finding) => finding !== undefined);
    const signoff = {
      item: id,
      by,
      note,
      signedAt: now.toISOString(),
      until: options.until,
      state: item.state,
      sources: sourcesOfProofs(proofs),
      ...(application === undefined ? {} : { application }),
      evidence: digestOf(evidenceOf(item, proofs)),
    };
    return { item, proofs: proofs.length, signoff: { ...signoff, seal: digestOf(sealedText(signoff)) } };
  });
  write(
    file,
    signoffs.map(({ signoff }) => signoff),
    io,
  );
  for (const { item, proofs } of signoffs)
    io.stdout.write(
      `Signed ${item.id} ${item.name} for ${by} until ${options.until}: ${item.title} It was ${item.state === 'manual' ? 'for a person' : item.state}, with ${proofs} ${proofs === 1 ? 'finding' : 'findings'} as its evidence.\n`,
    );
  io.stderr.write(`Wrote ${file}; commit it, so that its history tells who changed it.\n`);
  return 0;
}

function idOf(name: string): string {
  const names = itemNames();
  const id = names.get(name);
  if (id !== undefined) return id;
  const near = nearest(name, [...names.keys()]);
  throw new UserError(`The checklist has no item ${JSON.stringify(name)}.`, {
    hint: near === undefined ? 'List them with: qna-ready explain.' : `Did you mean ${near}?`,
  });
}

function words(option: string, given: string, longest: number): string {
  const trimmed = given.trim();
  if (trimmed === '') throw new UserError(`${option} is empty.`, { hint: 'A signature says who gave it, and why.' });
  if (/[\p{Cc}\p{Cf}]/u.test(trimmed))
    throw new UserError(`${option} holds characters that cannot be seen.`, { hint: 'Give it as one line of text.' });
  if (trimmed.length > longest)
    throw new UserError(`${option} is longer than ${longest} characters.`, { hint: 'Refer to where the rest stands.' });
  return trimmed;
}

function refuseDay(until: string, now: Date): void {
  const day = new Date(`${until}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(until) || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== until)
    throw new UserError(`--until ${until} is no day.`, { hint: 'Write it as YYYY-MM-DD.' });
  const today = now.toISOString().slice(0, 10);
  if (until < today) throw new UserError(`--until ${until} is past.`, { hint: `Today is ${today}, in UTC.` });
  const last = new Date(now.getTime() + LONGEST_DAYS * DAY_MS).toISOString().slice(0, 10);
  if (until > last)
    throw new UserError(`--until ${until} is more than a year ahead.`, { hint: `Choose ${last} or an earlier day.` });
}

function signedApplication({ applications = [] }: Report): string | undefined {
  if (applications.length > 1)
    throw new UserError(`This checklist is about ${applications.length} applications, and each is signed alone.`, {
      hint: `Choose one with --app: ${applications
        .slice(0, 5)
        .map(({ name }) => name)
        .join(', ')}.`,
    });
  return applicationSigned(applications);
}

function signable({ items, findings }: Report, id: string): ReportItem {
  const item = items.find((candidate) => candidate.id === id);
  if (item === undefined) throw new Error(`the checklist lacks item ${id}`);
  if (item.state === 'todo') {
    const failed = findings.filter(
      (finding) => item.findings.includes(finding.id) && finding.outcome === 'fail' && finding.severity !== 'note',
    );
    throw new UserError(
      `Item ${id} is to do: ${failed[0]?.check} fails for ${failed[0]?.subject}${failed.length > 1 ? `, and ${failed.length - 1} more` : ''}. A failure is not signed away.`,
      { hint: 'Mend it, or waive it in qna-ready.config.yaml with a reason, an owner and a date.' },
    );
  }
  if (item.state === 'not-applicable')
    throw new UserError(`Item ${id} does not apply here, so there is nothing to sign.`, {
      hint: 'Give the sources in which it does, such as --cluster.',
    });
  return item;
}

function write(file: string, signoffs: readonly Omit<Signoff, 'where'>[], io: Io): void {
  const path = resolve(io.cwd, file);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  // The staging folder lies beside what is written, on the same file system.
  const root = dirname(path).endsWith('.qna-ready') ? dirname(dirname(path)) : dirname(path);
  applyWrites(root, [{ path: relative(root, path), text: withSignoffs(text, signoffs), mode: 0o644 }]);
}
