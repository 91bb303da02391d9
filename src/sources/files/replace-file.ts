import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { UserError } from '../../core/errors.ts';
import { systemReason } from './read-text.ts';

/** Gives a file another text at one go, so that nobody ever reads half of it; its mode stays, and a link keeps its target. */
export function replaceFile(file: string, text: string): void {
  const target = realpathSync(file);
  const beside = `${target}.${process.pid}.qna-ready`;
  try {
    writeFileSync(beside, text, { mode: statSync(target).mode, flag: 'wx' });
    renameSync(beside, target);
  } catch (error) {
    rmSync(beside, { force: true });
    throw new UserError(`${file} cannot be written: ${systemReason(error)}.`, {
      hint: 'It is as it was before.',
      cause: error,
    });
  }
}
