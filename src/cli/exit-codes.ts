import { EXIT_CODES } from '../core/report.ts';

/** Printed below the help of every command that judges. */
export const EXIT_CODE_TABLE = `
Exit codes:
${EXIT_CODES.map(({ code, verdict, meaning }) => `  ${code}  ${verdict.padEnd(10)} ${meaning}`).join('\n')}`;

/** Takes the exit code of the command that ran. */
export type Done = (exitCode: number) => void;
