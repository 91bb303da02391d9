import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A package of which parts are in the bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly license: string;
  /** The texts that its licence asks to be passed on. */
  readonly texts: readonly string[];
}

/** Licences under which parts of the bundle may be passed on with nothing but their texts. */
export const ALLOWED_LICENSES: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'Unlicense',
]);

/**
 * The packages that modules came from, by name and version. Throws where one has no licence that is allowed, or brings no text of it:
 * a bundle that may not be passed on is never built.
 */
export function bundledPackages(modules: readonly string[]): readonly BundledPackage[] {
  const folders = new Set(modules.map(packageFolder).filter((folder) => folder !== undefined));
  const packages = [...folders].map(readPackage);
  const byName = new Map(packages.map((one) => [`${one.name}@${one.version}`, one]));
  return [...byName.values()].sort((a, b) => a.name.localeCompare(b.name) || a.version.localeCompare(b.version));
}

/** The file that is passed on with the bundle. */
export function licensesText(packages: readonly BundledPackage[]): string {
  const head = `qna-ready contains parts of ${packages.length} packages. Each is listed with its licence and the texts that came with it.\n`;
  const parts = packages.map(({ name, version, license, texts }) =>
    [`${'-'.repeat(80)}\n${name} ${version} (${license})\n`, ...texts.map((text) => `${text.trim()}\n`)].join('\n'),
  );
  return [head, ...parts].join('\n');
}

/** The list of the same packages in CycloneDX 1.6, without times and random numbers, so that a build stays reproducible. */
export function bomText(
  { name, version }: { readonly name: string; readonly version: string },
  packages: readonly BundledPackage[],
): string {
  const component = (one: { readonly name: string; readonly version: string }) => {
    const purl = `pkg:npm/${one.name.replace('@', '%40')}@${one.version}`;
    return { 'bom-ref': purl, name: one.name, version: one.version, purl };
  };
  const bom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', ...component({ name, version }) } },
    components: packages.map((one) => ({
      type: 'library',
      ...component(one),
      licenses: [{ expression: one.license }],
    })),
  };
  return `${JSON.stringify(bom, undefined, 2)}\n`;
}

/** The nearest folder of a package around a module; undefined for modules of our own and of the bundler. */
function packageFolder(module: string): string | undefined {
  const inside = /^(?<folder>.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(module.replace(/^\0/, ''));
  return inside?.groups?.folder;
}

function readPackage(folder: string): BundledPackage {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
  };
  const { name, version, license = '' } = manifest;
  if (!isAllowed(license))
    throw new Error(`${name} ${version} may not be in the bundle: its licence is ${license || 'not told'}.`);
  const places = [folder, ...(name.startsWith('@') ? [dirname(folder)] : [])];
  const texts = places.flatMap((place) =>
    readdirSync(place)
      .filter((file) => /^(?:(?:un)?licen[cs]e|notice|copying)(?:[-.](?:md|txt|mit|apache))?$/i.test(file))
      .map((file) => readFileSync(join(place, file), 'utf8')),
  );
  if (texts.length === 0) texts.push(licensePartOf(folder));
  if (texts.every((text) => text.trim() === '')) throw new Error(`${name} ${version} brings no text of its licence.`);
  return { name, version, license, texts };
}

/** Some packages tell their licence at the end of their README. */
function licensePartOf(folder: string): string {
  const readme = readdirSync(folder).find((file) => /^readme\.md$/i.test(file));
  const text = readme === undefined ? '' : readFileSync(join(folder, readme), 'utf8');
  return /^#+ *licen[cs]e\b[\s\S]*$/im.exec(text)?.[0] ?? '';
}

/** `MIT`, and `(MIT OR GPL-2.0)`, of which one may choose. */
export function isAllowed(license: string): boolean {
  return license
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((one) => ALLOWED_LICENSES.has(one)));
}
