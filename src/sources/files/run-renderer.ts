import { execFileSync } from 'node:child_process';
import { maskSecrets } from '../../core/secret-text.ts';

/** One way to have something built: a program, and what it is called with. */
export interface Renderer {
  readonly program: string;
  readonly args: readonly string[];
  /** What of its complaint is worth telling. */
  readonly tells: 'last line' | 'everything';
}

export type BuiltText =
  | { readonly text: string }
  /** Why there is no result: the end of a sentence. */
  | { readonly reason: string };

/** A build that takes longer hangs on something. */
const TIMEOUT_MS = 30_000;
const MAX_REASON = 300;
/** A remote part would be fetched, and judging files opens no socket: there is no way out, and git may read disks alone. */
const NO_WAY_OUT = {
  HTTP_PROXY: 'http://127.0.0.1:9',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  NO_PROXY: '',
  GIT_ALLOW_PROTOCOL: 'file',
  GIT_TERMINAL_PROMPT: '0',
  HELM_NO_PLUGINS: '1',
};

/** Lets the first of the programs that is installed build it. `absent` says what is missing where none is. */
export function runRenderer(renderers: readonly Renderer[], absent: string): BuiltText {
  for (const { program, args, tells } of renderers)
    try {
      const text = execFileSync(program, args, {
        encoding: 'utf8',
        env: { ...process.env, ...NO_WAY_OUT },
        stdio: ['ignore', 'pipe', 'pipe'],
        maxBuffer: 256 * 1024 * 1024,
        timeout: TIMEOUT_MS,
      });
      return { text };
    } catch (error) {
      const { code, stderr = '', signal } = error as NodeJS.ErrnoException & { stderr?: string; signal?: string };
      if (code === 'ENOENT') continue;
      if (code === 'ETIMEDOUT' || signal === 'SIGTERM')
        return { reason: `${program} did not build it within ${TIMEOUT_MS / 1000} s` };
      const said = stderr.trim().split('\n');
      return { reason: `${program} cannot build it: ${inShort(tells === 'everything' ? said : said.slice(-1))}` };
    }
  return { reason: absent };
}

/** Credentials in an address are nobody's business. */
function inShort(lines: readonly string[]): string {
  const said = lines
    .map((line) => line.trim())
    .join(' ')
    .replace(/^Error: /i, '')
    .replace(/:\/\/[^@/\s]+@/g, '://');
  // Masked before it is cut, for half a secret is not known for one.
  return maskSecrets(said).slice(0, MAX_REASON);
}
