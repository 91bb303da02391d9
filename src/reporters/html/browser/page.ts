/**
 * What the page does beyond being read: filter, search, follow links to what is folded, change its theme, unfold for print. It is
 * made into `assets.ts` by `npm run generate`. It keeps nothing and asks nobody.
 */
const SEARCH_DELAY_MS = 150;
/** More than these are left folded where they match. */
const MOST_UNFOLDED = 500;
const THEMES = ['system', 'light', 'dark'];

const byId = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const all = <T extends HTMLElement>(selector: string, within: ParentNode = document) => [
  ...within.querySelectorAll<T>(selector),
];
const form = byId<HTMLFormElement>('filters');
const words = byId<HTMLInputElement>('filter-words');
const shown = byId('shown');
const theme = byId<HTMLButtonElement>('theme');
const toggle = byId<HTMLButtonElement>('toggle-details');
const folded = all<HTMLDetailsElement>('main details');
/** Folds that the filter has opened, and closes again. */
const unfolded = new Set<HTMLDetailsElement>();

const lower = (element: HTMLElement) => (element.textContent ?? '').toLowerCase();
/** The texts of a page of many findings are read once, at the first search. */
const kept = new WeakMap<HTMLElement, string>();
function textOf(element: HTMLElement, read = lower): string {
  let known = kept.get(element);
  if (known === undefined) {
    known = read(element);
    kept.set(element, known);
  }
  return known;
}

const checks = all('.check').map((element) => ({
  element,
  check: element.querySelector('h3 code')?.textContent ?? '',
  sections: new Set((element.dataset.sections ?? '').split(' ')),
  heading: element.querySelector('h3') as HTMLElement,
  fold: element.querySelector<HTMLDetailsElement>('details.settled'),
  faults: all('.fault', element).map((fault) => ({
    element: fault,
    outcome: fault.classList[1],
    severity: fault.dataset.severity,
    rows: all('.subjects > li', fault),
  })),
}));
const items = all('.item');

function chosen(name: string): string {
  return (document.getElementById(`filter-${name}`) as HTMLSelectElement | null)?.value ?? '';
}

/** Hides what does not match, and says how much is left. */
function filter(): void {
  const sought = words.value.trim().toLowerCase();
  const [outcome, severity, section, check, application] = [
    chosen('outcome'),
    chosen('severity'),
    chosen('section'),
    chosen('check'),
    chosen('application'),
  ];
  const narrow = [sought, outcome, severity, section, check, application].some((value) => value !== '');
  const matching = new Set<string>();
  let [findings, total] = [0, 0];
  for (const fold of unfolded) fold.open = false;
  unfolded.clear();
  const folds: HTMLDetailsElement[] = [];
  for (const group of checks) {
    const wanted = (check === '' || group.check === check) && (section === '' || group.sections.has(section));
    const named = sought === '' || textOf(group.heading).includes(sought);
    let within = 0;
    for (const fault of group.faults) {
      total += fault.rows.length;
      const fits =
        wanted && (outcome === '' || fault.outcome === outcome) && (severity === '' || fault.severity === severity);
      // What is said of all subjects is told once, above and below the list of them.
      const said =
        fits &&
        (named ||
          textOf(fault.element, (element) => all('.message, dl', element).map(lower).join(' ')).includes(sought));
      let left = 0;
      for (const row of fault.rows) {
        const fit =
          fits &&
          (said || textOf(row).includes(sought)) &&
          (application === '' || (row.dataset.a ?? '').split(' ').includes(application));
        if (row.hidden === fit) row.hidden = !fit;
        if (fit) left++;
      }
      fault.element.hidden = left === 0;
      within += left;
      if (narrow && left > 0 && group.fold?.contains(fault.element)) folds.push(group.fold);
    }
    group.element.hidden = within === 0;
    findings += within;
    if (within > 0) matching.add(group.check);
  }
  if (findings <= MOST_UNFOLDED)
    for (const fold of folds)
      if (!fold.open) {
        fold.open = true;
        unfolded.add(fold);
      }
  let left = 0;
  for (const item of items) {
    const own = (item.dataset.checks ?? '').split(' ').filter((each) => each !== '');
    const proven = own.some((each) => matching.has(each));
    const bare = outcome === '' && severity === '' && check === '' && application === '';
    const fit =
      (section === '' || item.dataset.section === section) &&
      (!narrow || proven || (bare && textOf(item).includes(sought)));
    item.hidden = !fit;
    if (fit) left++;
  }
  for (const list of all('.items')) {
    const empty = !list.querySelector('.item:not([hidden])');
    list.hidden = empty;
    if (list.previousElementSibling instanceof HTMLElement) list.previousElementSibling.hidden = empty;
  }
  for (const block of all('.application'))
    block.hidden = application !== '' && block.dataset.application !== application;
  for (const id of ['open', 'settled', 'checklist']) {
    const part = document.getElementById(id);
    if (part !== null) part.hidden = narrow && !part.querySelector('.check:not([hidden]), .item:not([hidden])');
  }
  const told = (some: number, of: number) =>
    some === of ? of.toLocaleString('en') : `${some.toLocaleString('en')} of ${of.toLocaleString('en')}`;
  shown.textContent = `${told(findings, total)} findings, ${told(left, items.length)} items.`;
}

/** Shows what an address names, whatever hides it, and goes there. */
function follow(): void {
  const name = location.hash.slice(1);
  const target = name === '' ? null : document.getElementById(name);
  if (target === null) return;
  if (target.closest('[hidden]') !== null && !form.hidden) {
    form.reset();
    filter();
  }
  const own = target.matches('.quiet') ? target.querySelector('details') : null;
  for (
    let fold = own ?? target.closest('details');
    fold !== null;
    fold = fold.parentElement?.closest('details') ?? null
  )
    fold.open = true;
  // A part is told by its heading; nobody wants to hear it read as a whole.
  const place = (target.id === 'main' ? null : target.querySelector<HTMLElement>('summary, h2, h3')) ?? target;
  if (place.tabIndex < 0) place.tabIndex = -1;
  // The browser is there before its event: whoever has gone on with a key meanwhile is not called back.
  if (!target.contains(document.activeElement)) place.focus({ preventScroll: true });
  target.scrollIntoView();
}

let timer = 0;
words.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(filter, SEARCH_DELAY_MS);
});
form.addEventListener('change', filter);
form.addEventListener('submit', (event) => {
  event.preventDefault();
  filter();
});
form.addEventListener('reset', () => setTimeout(filter));
toggle.addEventListener('click', () => {
  const open = toggle.textContent === 'Open all';
  for (const fold of folded) fold.open = open;
  unfolded.clear();
  toggle.textContent = open ? 'Close all' : 'Open all';
});
let themed = 0;
theme.addEventListener('click', () => {
  themed = (themed + 1) % THEMES.length;
  theme.textContent = `Theme: ${THEMES[themed]}`;
  if (themed === 0) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = THEMES[themed] ?? '';
});
let beforePrint: HTMLDetailsElement[] = [];
addEventListener('beforeprint', () => {
  beforePrint = folded.filter((fold) => !fold.open);
  for (const fold of beforePrint) fold.open = true;
});
addEventListener('afterprint', () => {
  for (const fold of beforePrint) fold.open = false;
});
addEventListener('hashchange', follow);
form.hidden = false;
theme.hidden = false;
// The browser goes to the address itself when all is there, and takes the focus away with that.
addEventListener('load', () => setTimeout(follow));
