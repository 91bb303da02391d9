import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { CHECKS } from '../../../src/checks/index.ts';
import type { Report } from '../../../src/core/report.ts';
import { loadReporter } from '../../../src/reporters/reporter.ts';
import { machineProgram } from '../../machine-programs.ts';

/** Where the browser is; a file of tests is skipped aloud without it. */
export const CHROMIUM = machineProgram('chromium', 'chromium-browser', 'google-chrome');

const STYLE = { color: false, width: 100, verbose: false };

/** What `--report html` writes. */
export async function pageOf(report: Report): Promise<string> {
  const reporter = await loadReporter('html');
  return [...reporter(report, STYLE, (id) => CHECKS.find((check) => check.id === id))].join('');
}

export interface Opened {
  readonly page: Page;
  /** What the page asked for, but itself. */
  readonly requests: readonly string[];
  /** What it complained of: errors of its script, and what its policy has refused. */
  readonly complaints: readonly string[];
}

export interface Reader {
  /** Opens a page as a reader does who was sent the file. */
  open(html: string, options?: BrowserContextOptions & { readonly hash?: string }): Promise<Opened>;
  close(): Promise<void>;
}

/** One browser for a file of tests, with a profile of its own. */
export async function startReader(): Promise<Reader> {
  const folder = mkdtempSync(join(tmpdir(), 'qna-ready-html-'));
  const browser: Browser = await chromium.launch({
    executablePath: CHROMIUM ?? '',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  let files = 0;
  return {
    open: async (html, { hash = '', ...options } = {}) => {
      const file = join(folder, `${files++}.html`);
      writeFileSync(file, html);
      const address = pathToFileURL(file).href;
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
      const page = await context.newPage();
      const requests: string[] = [];
      const complaints: string[] = [];
      page.on('request', (request) => {
        if (request.url().split('#')[0] !== address) requests.push(request.url());
      });
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('dialog', (dialog) => {
        complaints.push(dialog.message());
        void dialog.dismiss();
      });
      await page.goto(address + hash);
      return { page, requests, complaints };
    },
    close: async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
