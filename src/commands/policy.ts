import { resolve } from 'node:path';
import { SECTIONS } from '../checklist/index.ts';
import { CHECKS } from '../checks/index.ts';
import { UserError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { Report } from '../core/report.ts';
import type { Signoff } from '../core/signoff.ts';
import { type Configuration, readConfiguration } from '../sources/configuration/read-configuration.ts';
import { readInput } from '../sources/files/files-source.ts';
import type { Io } from './io.ts';
import type { CommonOptions } from './options.ts';

/** What the owner of a service decided about it beforehand. */
export interface Policy extends Configuration {
  readonly baseline: Report | undefined;
  /** What people have signed; of the checklist alone. */
  readonly signoffs?: readonly Signoff[];
}

/** Reads it all before anything is observed, so that a mistake in it costs no long run. */
export async function readPolicy(
  { config, baseline }: Pick<CommonOptions, 'config' | 'baseline'>,
  folders: readonly string[],
  io: Io,
): Promise<Policy> {
  const configuration = await readConfiguration(config, folders, io.cwd);
  for (const id of Object.keys(configuration.severities))
    if (!CHECKS.some((check) => check.id === id)) {
      const near = nearest(
        id,
        CHECKS.map((check) => check.id),
      );
      throw new UserError(
        `${configuration.file ?? 'The configuration'} gives a severity to ${id}, and there is no such check.`,
        {
          hint: near === undefined ? 'List them with: qna-ready explain.' : `Did you mean ${near}?`,
        },
      );
    }
  refuseUnknownOwners(configuration);
  return { ...configuration, baseline: baseline === undefined ? undefined : await readReport(baseline, io) };
}

function refuseUnknownOwners({ file, owners }: Configuration): void {
  const names = SECTIONS.flatMap(({ id, items }) => [id, ...items.flatMap((item) => [item.id, item.name])]);
  const unknown = Object.keys(owners).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const near = nearest(unknown, names);
  throw new UserError(
    `${file ?? 'The configuration'} names an owner of ${unknown}, and there is no such item or section.`,
    {
      hint: near === undefined ? 'List them with: qna-ready explain.' : `Did you mean ${near}?`,
    },
  );
}

/** Reads a report that an earlier run saved. */
export async function readReport(file: string, io: Io): Promise<Report> {
  const { parseReport } = await import('../sources/replay/report-file.ts');
  return parseReport(readInput(resolve(io.cwd, file)), file);
}

/** A configuration belongs to the project that is judged, or to the place where the command runs. */
export function configurationFolders(paths: readonly string[], io: Pick<Io, 'cwd'>): readonly string[] {
  return [
    io.cwd,
    ...paths.filter((path) => path !== '-').flatMap((path) => [resolve(io.cwd, path), resolve(io.cwd, path, '..')]),
  ];
}
