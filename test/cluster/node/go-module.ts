import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of a module in the module cache, in the version that a go.mod asks for. */
export function moduleFolder(goModule: string, module: string): string {
  const [, version = ''] =
    new RegExp(`^\\s*(?:require )?${module} (v\\S+)`, 'm').exec(readFileSync(goModule, 'utf8')) ?? [];
  const command = ['mod', 'download', '-json', `${module}@${version}`];
  const answer = execFileSync('go', command, { encoding: 'utf8', cwd: join(goModule, '..') });
  return (JSON.parse(answer) as { readonly Dir: string }).Dir;
}
