import { basename } from 'node:path';
import { CHECKOV_VERSION, checkovPackages } from '../../checkov.ts';
import type { Remark } from '../remark.ts';
import type { FileJudge } from './judge.ts';
import { runJudge } from './run-judge.ts';

export async function checkov(): Promise<FileJudge> {
  const packages = await checkovPackages();
  // It would ask its makers for more, and waits long for an answer.
  const args = ['-m', 'checkov.main', '--framework', 'kubernetes', '--skip-download', '--compact', '--quiet'];
  return {
    name: 'Checkov',
    version: CHECKOV_VERSION,
    reads: 'files',
    asked: '`checkov --framework kubernetes`, over the exported objects',
    async judge(files) {
      const which = files.flatMap((file) => ['--file', file]);
      return remarksOf(
        await runJudge('python3', [...args, '--output', 'json', ...which], { PYTHONPATH: packages }),
        files,
      );
    },
  };
}

interface Report {
  readonly results?: {
    readonly failed_checks: readonly {
      readonly check_id: string;
      readonly check_name: string;
      /** `Deployment.NAMESPACE.NAME`. */
      readonly resource: string;
      readonly file_path: string;
    }[];
  };
}

export function remarksOf(json: string, files: readonly string[]): ReadonlyMap<string, readonly Remark[]> {
  const failed = (JSON.parse(json) as Report).results?.failed_checks ?? [];
  const remarks = (file: string) =>
    failed
      .filter(({ file_path }) => basename(file_path) === basename(file))
      .map(({ check_id, check_name, resource }): Remark => {
        const [kind = '', , ...name] = resource.split('.');
        return { check: check_id, object: `${kind} ${name.join('.')}`, words: check_name, counts: true };
      });
  return new Map(files.map((file) => [file, remarks(file)]));
}
