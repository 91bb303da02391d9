import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { HOSTILE_WORDS } from '../reports.ts';
import { CHROMIUM, type Opened, pageOf, type Reader, startReader } from './browser.ts';
import { manyFindings, wholeReport } from './page-reports.ts';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const REPORT = wholeReport('plain');

/** What axe finds wrong, each with the parts that it is wrong of. */
async function faultsOf(page: Page): Promise<unknown> {
  // The page's own policy refuses any script but its own; the inspector stands outside of it.
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axe.source });
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run(document, { runOnly: ${JSON.stringify(RULES)} }).then(({ violations, passes }) => JSON.stringify(passes.length < 20 ? 'axe has looked at nothing' : violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html)])))`,
    awaitPromise: true,
    returnByValue: true,
  });
  return JSON.parse(String(result.value));
}

describe.skipIf(CHROMIUM === undefined)('the HTML report in a browser', () => {
  let reader: Reader;
  let html: string;
  beforeAll(async () => {
    reader = await startReader();
    html = await pageOf(REPORT);
  });
  afterAll(() => reader.close());

  async function open(page = html, options: Parameters<Reader['open']>[1] = {}): Promise<Opened> {
    const opened = await reader.open(page, options);
    onTestFinished(() => opened.page.context().close());
    return opened;
  }

  const shownRows = (page: Page) => page.locator('.subjects > li:not([hidden])').count();

  it.each([
    ['light', 1440],
    ['dark', 1440],
    ['light', 375],
    ['dark', 375],
  ] as const)(
    'has nothing that axe finds wrong, in %s at %i pixels, folded and unfolded',
    async (colorScheme, width) => {
      const { page } = await open(html, { colorScheme, viewport: { width, height: 900 } });
      expect(await faultsOf(page)).toEqual([]);
      await page.getByRole('button', { name: 'Open all' }).click();
      expect(await faultsOf(page)).toEqual([]);
    },
  );

  it('has no part that axe finds wrong where a person has chosen the theme, the other than the system has', async () => {
    const { page } = await open(html, { colorScheme: 'light' });
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    const theme = page.locator('#theme');
    await theme.click();
    expect(await ground()).toBe(light);
    await theme.click();
    expect(await theme.textContent()).toBe('Theme: dark');
    expect(await ground()).not.toBe(light);
    expect(await faultsOf(page)).toEqual([]);
  });

  it.each([375, 1440])('is no wider than a window of %i pixels', async (width) => {
    const long = await pageOf(wholeReport('x'.repeat(400)));
    for (const each of [html, long]) {
      const { page } = await open(each, { viewport: { width, height: 900 } });
      await page.getByRole('button', { name: 'Open all' }).click();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
  });

  it('asks for nothing, and its policy refuses nothing of it', async () => {
    const { page, requests, complaints } = await open();
    await page.getByRole('button', { name: 'Open all' }).click();
    expect(requests).toEqual([]);
    expect(complaints).toEqual([]);
    expect(html).not.toContain('unsafe-inline');
    expect(html).not.toMatch(/\son[a-z]+=|\sstyle=/);
  });

  it.each(HOSTILE_WORDS.map((words) => [encodeURI(words.toWellFormed()), words] as const))(
    'shows %s as it is, and does nothing of what it says',
    async (_, words) => {
      const { page, requests, complaints } = await open(await pageOf(wholeReport(words)));
      expect(requests).toEqual([]);
      expect(complaints).toEqual([]);
      expect(await page.locator('script, img, iframe, testcase').count()).toBe(1);
      expect(await page.locator('a:not([href^="#"]):not([href^="https://kubernetes.io/"])').count()).toBe(0);
      const body = await page.locator('main').textContent();
      const visible = (/[!-~]{6,}/.exec(words) ?? ['plain'])[0];
      expect(body).toContain(visible);
    },
  );

  it('narrows the findings and items down to an outcome, a severity, a section, a check or an application, and says how many are left', async () => {
    const { page } = await open();
    const status = page.getByRole('status');
    const all = REPORT.findings.length;
    expect(await status.textContent()).toBe(`${all} findings, 5 items.`);
    await page.getByLabel('Outcome', { exact: true }).selectOption('fail');
    const failed = REPORT.findings.filter(({ outcome }) => outcome === 'fail').length;
    expect(await shownRows(page)).toBe(failed);
    expect(await status.textContent()).toContain(`${failed} of ${all} findings`);
    await page.getByLabel('Severity', { exact: true }).selectOption('error');
    const errors = REPORT.findings.filter(({ outcome, severity }) => outcome === 'fail' && severity === 'error').length;
    expect(await shownRows(page)).toBe(errors);
    await page.getByLabel('Check', { exact: true }).selectOption('gone/in-this-version');
    expect(await shownRows(page)).toBe(1);
    await page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(() => status.textContent()).toBe(`${all} findings, 5 items.`);
    await page.getByLabel('Application', { exact: true }).selectOption({ index: 1 });
    const owned = new Set(REPORT.items.flatMap(({ findings }) => findings)).size;
    expect(await shownRows(page)).toBe(owned);
    expect(await page.locator('.application:not([hidden])').count()).toBe(1);
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByLabel('Section', { exact: true }).selectOption({ index: 1 });
    expect(await page.locator('.item:not([hidden])').count()).toBe(5);
  });

  it('finds words wherever a finding has them, and opens what was folded around it', async () => {
    const { page } = await open();
    await page.getByLabel('Search', { exact: true }).fill('PASS note 2');
    await expect.poll(() => shownRows(page)).toBe(1);
    const row = page.locator('.subjects > li:not([hidden])');
    expect(await row.isVisible()).toBe(true);
    expect(await page.getByRole('status').textContent()).toBe(
      `1 of ${REPORT.findings.length} findings, ${await page.locator('.item:not([hidden])').count()} of 5 items.`,
    );
    await page.getByLabel('Search', { exact: true }).fill('nobody wrote this');
    await expect.poll(() => shownRows(page)).toBe(0);
    await page.getByLabel('Search', { exact: true }).fill('');
    await expect.poll(() => shownRows(page)).toBe(REPORT.findings.length);
    expect(await row.first().isVisible()).toBe(true);
    expect(await page.locator('main details[open]').count()).toBe(0);
  });

  it('opens and focuses what an address names, whatever hides it', async () => {
    const { page } = await open(html, { hash: '#item-2.3' });
    await expect.poll(() => page.evaluate(() => document.activeElement?.parentElement?.id)).toBe('item-2.3');
    expect(await page.locator('[id="item-2.3"]').getAttribute('open')).toBe('');
    await page.getByLabel('Outcome', { exact: true }).selectOption('fail');
    const passed = page.locator('.fault.pass .subjects > li').first();
    const id = (await passed.getAttribute('id')) ?? '';
    expect(await passed.isVisible()).toBe(false);
    await page.evaluate((name) => {
      location.hash = name;
    }, id);
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe(id);
    expect(await passed.isVisible()).toBe(true);
    expect(await page.getByLabel('Outcome', { exact: true }).inputValue()).toBe('');
  });

  it('is used with the keyboard alone: it skips to the report, walks every control once, opens an item, and shows where it is', async () => {
    const { page } = await open();
    const active = () => page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent);
    await page.keyboard.press('Tab');
    await expect.poll(active).toBe('Skip to the report');
    await page.keyboard.press('Enter');
    await expect.poll(active).toBe('main');
    await page.keyboard.press('Tab');
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('SUMMARY');
    const outline = () => page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle);
    await expect.poll(outline).toBe('solid');
    const fold = page.locator('details:has(> summary:focus)');
    await page.keyboard.press('Enter');
    await expect.poll(() => fold.getAttribute('open')).toBe('');
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    const seen = new Set<string>();
    await page.locator('.skip').focus();
    for (let step = 0; step < 400; step++) {
      await page.keyboard.press('Tab');
      const where = await page.evaluate(() => {
        const element = document.activeElement;
        if (element === null || element === document.body) return '';
        const box = element.getBoundingClientRect();
        return `${[...document.querySelectorAll('*')].indexOf(element)} ${element.tagName} ${box.width > 0 && box.height >= 24 ? 'large' : element.outerHTML}`;
      });
      if (where === '' || seen.has(where)) break;
      seen.add(where);
    }
    const tags = [...seen].map((where) => where.split(' ')[1]);
    expect(tags).toContain('SELECT');
    expect(tags).toContain('INPUT');
    expect(tags.filter((tag) => tag === 'SUMMARY').length).toBe(await page.locator('summary:visible').count());
    expect([...seen].filter((where) => !where.endsWith('large'))).toEqual([]);
  });

  it('prints everything that is told, and nothing that is only for use', async () => {
    const { page } = await open(html, { javaScriptEnabled: false });
    await page.emulateMedia({ media: 'print' });
    for (const fault of await page.locator('.subjects > li').all()) expect(await fault.isVisible()).toBe(true);
    expect(await page.locator('details td').first().isVisible()).toBe(true);
    expect(await page.locator('nav').isVisible()).toBe(false);
    expect((await page.pdf()).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('unfolds itself for the printer, and folds itself again', async () => {
    const { page } = await open();
    await page.evaluate(() =>
      addEventListener('beforeprint', () => console.log(document.querySelectorAll('main details:not([open])').length)),
    );
    const told = page.waitForEvent('console');
    await page.pdf();
    expect((await told).text()).toBe('0');
    await expect.poll(() => page.locator('main details[open]').count()).toBe(0);
  });

  it('is whole without its script, and offers nothing there that would need it', async () => {
    const { page } = await open(html, { javaScriptEnabled: false });
    expect(await page.locator('form, #theme').filter({ visible: true }).count()).toBe(0);
    expect(await page.locator('h1').textContent()).toContain('Not ready');
    for (const { subject } of REPORT.findings) expect(await page.locator('main').textContent()).toContain(subject);
    await page.locator('[id="item-2.0"] > summary').click();
    expect(await page.locator('[id="item-2.0"] .body').isVisible()).toBe(true);
  });

  it('filters and searches very many findings', async () => {
    const report = manyFindings(5000);
    const { page } = await open(await pageOf(report));
    await page.getByLabel('Search', { exact: true }).fill('team-7/');
    await expect.poll(() => shownRows(page)).toBe(90);
    await page.getByLabel('Outcome', { exact: true }).selectOption('fail');
    await expect
      .poll(() => shownRows(page))
      .toBe(report.findings.filter(({ subject, outcome }) => subject.includes('team-7/') && outcome === 'fail').length);
  });
});
