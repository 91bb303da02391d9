import { resolve } from 'node:path';
import { CHECKS } from '../checks/index.ts';
import { UserError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { Report } from '../core/report.ts';
import { type Configuration, readConfiguration } from '../sources/configuration/read-configuration.ts';
import { readInput } from '../sources/files/files-source.ts';
import type { Io } from './io.ts';
import type { CommonOptions } from './options.ts';

/** What the owner of a service decided about it beforehand. */
export interface Policy extends Configuration {
  readonly baseline: Report | undefined;
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
  return { ...configuration, baseline: baseline === undefined ? undefined : await readReport(baseline, io) };
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
