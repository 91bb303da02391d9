import { existsSync, globSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { SCHEMA_VERSIONS, type SchemaVersion } from '../../core/api-schemas.ts';
import { UserError } from '../../core/errors.ts';
import type { NotSeen } from '../../core/facts.ts';
import type { Dockerfile, SensitiveFile, TextDocument } from '../../core/file-facts.ts';
import type { InlineWaivers } from '../../core/inline-waiver.ts';
import { shapeOfSecret } from '../secret-shape.ts';
import { spareMemory } from '../spare-memory.ts';
import { isDockerfile, readDockerfile } from './dockerfile.ts';
import { filledSettings, isEnvFile } from './env-file.ts';
import { type GitView, gitView } from './git.ts';
import { isKustomization, viewKustomization } from './kustomization.ts';
import { type FoundObject, looksLikeManifest, type Manifest, readManifest } from './manifest.ts';
import { decode, type ReadResult, readText, systemReason } from './read-text.ts';
import { type ChartChoice, chartsAmong, isLibrary, isTemplateOf, renderChart } from './render-chart.ts';
import { kustomizationToRender, renderKustomization, resourcesToApply } from './render-kustomization.ts';
import { readWaiverComments } from './waiver-comments.ts';
import { markFile, type WalkedFile, walk } from './walk.ts';

/** From here on what is kept outweighs what a program needs to run at all. */
const MANY_FILES = 100;

/** What to read. */
export interface FilesOptions {
  /** Files and folders; `-` is standard input. */
  readonly paths: readonly string[];
  readonly cwd: string;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** The version whose API server the objects are meant for; the newest that is known where absent. */
  readonly kubernetes?: SchemaVersion;
  /** Files and folders that define custom resources, beside the input. */
  readonly definitions?: readonly string[];
  /** How the charts among the input are rendered: with these files of values beside their own, for this namespace. */
  readonly charts?: { readonly values: readonly string[]; readonly namespace?: string };
  /** What files hold, by absolute path, instead of what stands on the disk. */
  readonly texts?: ReadonlyMap<string, string>;
  /** Of a folder with a kustomization only what that applies, and not all that lies beside it. */
  readonly asApplied?: boolean;
  /** Told of each file that is read. */
  readonly reading?: (file: string) => void;
  /** Keeps what was read from one run to the next. */
  readonly cache?: ManifestCache;
}

/** What was read from a file, as long as its text is the same. */
export type ManifestCache = Map<string, { readonly text: string; readonly manifest: Manifest }>;

/** Everything that was found, sorted by what it bears. */
export interface Gathered {
  readonly objects: FoundObject[];
  readonly dockerfiles: Dockerfile[];
  readonly envFiles: SensitiveFile[];
  readonly secretFiles: SensitiveFile[];
  readonly documents: TextDocument[];
  readonly dashboards: TextDocument[];
  readonly notSeen: NotSeen[];
  readonly comments: InlineWaivers[];
}

interface Gathering extends Gathered {
  read(file: string): ReadResult;
  readonly cache: ManifestCache | undefined;
}

/** Reads every path that a person named. */
export async function gather({ paths, cwd, stdin, ...options }: FilesOptions): Promise<Gathered> {
  const gathered: Gathering = {
    read: (file) => {
      options.reading?.(file);
      const text = options.texts?.get(resolve(file));
      return text === undefined ? readText(file) : { ok: true, text };
    },
    cache: options.cache,
    objects: [],
    dockerfiles: [],
    envFiles: [],
    secretFiles: [],
    documents: [],
    dashboards: [],
    notSeen: [],
    comments: [],
  };
  const views = new Map<string, GitView | undefined>();
  const chart: ChartChoice = {
    ...options.charts,
    kubernetes: options.kubernetes ?? SCHEMA_VERSIONS[0],
    values: (options.charts?.values ?? []).map((file) => resolve(cwd, file)),
  };
  for (const path of paths.flatMap((written) => matches(written, cwd))) {
    if (path === '-') readStandardInput(await drain(stdin), gathered);
    else readPath(path, resolve(cwd, path), gathered, views, chart, options.asApplied === true);
  }
  resolveKustomizations(gathered, cwd);
  return gathered;
}

/** A path as it is, or the files that a pattern means where no shell has filled it in. */
function matches(path: string, cwd: string): readonly string[] {
  if (!isPattern(path) || existsSync(resolve(cwd, path))) return [path];
  const found = globSync(path, { cwd }).sort();
  return found.length === 0 ? [path] : found;
}

export function isPattern(path: string): boolean {
  return /[*?[{]/.test(path);
}

function readPath(
  shown: string,
  absolute: string,
  gathered: Gathering,
  views: Map<string, GitView | undefined>,
  choice: ChartChoice,
  asApplied: boolean,
): void {
  let folder: boolean;
  try {
    folder = statSync(absolute).isDirectory();
  } catch (error) {
    throw new UserError(`${shown} cannot be read: ${systemReason(error)}.`, {
      hint: 'Give a file, a folder, or - for standard input.',
    });
  }
  const base = folder ? absolute : dirname(absolute);
  if (!views.has(base)) views.set(base, gitView(base));
  const git = views.get(base);
  const showAs = (file: string) => {
    // What a kustomization builds upon may stand beside its folder.
    if (!file.startsWith(`${absolute}/`) && file !== absolute) return join(shown, relative(absolute, file));
    return shown === '.' ? file.slice(absolute.length + 1) : shown.replace(/\/+$/, '') + file.slice(absolute.length);
  };
  if (!folder) {
    readFile(markFile(absolute, git), shown, true, gathered);
    return;
  }
  const kustomization = kustomizationToRender(absolute, asApplied);
  if (kustomization !== undefined) {
    const rendered = renderKustomization(absolute, kustomization, showAs);
    if ('objects' in rendered) {
      gathered.objects.push(...rendered.objects);
      gathered.comments.push(...rendered.comments);
      return;
    }
    gathered.notSeen.push({ what: showAs(kustomization), reason: rendered.reason });
  }
  const applied = asApplied ? resourcesToApply(absolute) : undefined;
  if (applied !== undefined) {
    for (const file of applied) readFile(markFile(file, git), showAs(file), true, gathered);
    return;
  }
  const { files, notSeen } = walk(absolute, git);
  if (files.length > MANY_FILES) spareMemory();
  gathered.notSeen.push(...notSeen.map((gap) => ({ ...gap, what: showAs(gap.what) })));
  const charts = chartsAmong(files.map(({ file }) => file));
  for (const chart of charts) readChart(chart, choice, showAs, gathered);
  for (const walked of files)
    if (!charts.some((chart) => isTemplateOf(chart, walked.file)))
      readFile(walked, showAs(walked.file), false, gathered);
}

function readChart(chart: string, choice: ChartChoice, showAs: (file: string) => string, gathered: Gathering): void {
  if (isLibrary(chart)) return;
  const rendered = renderChart(chart, choice, showAs);
  if ('reason' in rendered) gathered.notSeen.push({ what: showAs(chart), reason: rendered.reason });
  else {
    gathered.objects.push(...rendered.objects);
    gathered.notSeen.push(...rendered.notSeen);
    gathered.comments.push(...rendered.comments);
  }
}

/** Sorts one file into the facts that it bears. */
function readFile(walked: WalkedFile, shown: string, named: boolean, gathered: Gathering): void {
  const name = basename(walked.file);
  const manifest = /\.(?:ya?ml|json)$/.test(name);
  const document = /\.(?:md|markdown)$/i.test(name);
  const visible = named || !walked.ignored || walked.tracked === true;
  if (!manifest && !document && !isDockerfile(name) && !isEnvFile(name)) {
    if (named)
      gathered.notSeen.push({
        what: shown,
        reason: 'it is no manifest, Dockerfile, env file or document',
        unusable: true,
      });
    return;
  }
  const read = gathered.read(walked.file);
  if (!read.ok) {
    if (named || (visible && manifest))
      gathered.notSeen.push({
        what: shown,
        reason: read.reason,
        where: { file: shown, line: 1, column: 1 },
        unusable: true,
      });
    return;
  }
  if (visible && (manifest || isDockerfile(name))) gathered.comments.push(readWaiverComments(shown, read.text));
  if (isEnvFile(name)) gathered.envFiles.push(sensitive(walked, shown, filledSettings(read.text)));
  else if (isDockerfile(name) && visible) gathered.dockerfiles.push(readDockerfile(shown, read.text, walked.file));
  else if (document && visible) gathered.documents.push({ file: shown, text: read.text });
  else if (visible && isDashboard(name, read.text)) gathered.dashboards.push({ file: shown, text: read.text });
  else if (manifest && (named || looksLikeManifest(read.text)))
    readObjects(walked, shown, read.text, named, visible, gathered);
}

/** What Grafana exports. */
function isDashboard(name: string, text: string): boolean {
  return (
    name.endsWith('.json') && /^\s*\{/.test(text) && /"panels"\s*:\s*\[/.test(text) && /"schemaVersion"\s*:/.test(text)
  );
}

function readObjects(
  walked: WalkedFile,
  shown: string,
  text: string,
  named: boolean,
  visible: boolean,
  gathered: Gathering,
): void {
  const { objects, notSeen } = manifestOf(shown, text, gathered.cache);
  for (const found of objects.filter(({ object }) => object.kind === 'Secret')) {
    const { data = {} } = shapeOfSecret(found.object);
    const filled = Object.keys(data).filter((key) => data[key] === 'filled');
    gathered.secretFiles.push({ ...sensitive(walked, shown, filled), where: found.locate([]) });
  }
  if (!visible) return;
  gathered.objects.push(...objects);
  gathered.notSeen.push(...notSeen);
  if (named && objects.length === 0 && notSeen.length === 0)
    gathered.notSeen.push({ what: shown, reason: 'it holds no Kubernetes object', unusable: true });
}

function manifestOf(shown: string, text: string, cache: ManifestCache | undefined): Manifest {
  const kept = cache?.get(shown);
  if (kept?.text === text) return kept.manifest;
  const manifest = readManifest(shown, text);
  cache?.set(shown, { text, manifest });
  return manifest;
}

function sensitive(walked: WalkedFile, shown: string, filledKeys: readonly string[]): SensitiveFile {
  return {
    file: shown,
    where: { file: shown, line: 1, column: 1 },
    filledKeys,
    tracked: walked.tracked,
    ignored: walked.ignored,
  };
}

function readStandardInput(bytes: Uint8Array, gathered: Gathering): void {
  const read = decode(bytes);
  if (!read.ok) {
    gathered.notSeen.push({ what: '<stdin>', reason: read.reason, unusable: true });
    return;
  }
  const { objects, notSeen } = readManifest('<stdin>', read.text);
  gathered.comments.push(readWaiverComments('<stdin>', read.text));
  gathered.objects.push(...objects);
  gathered.notSeen.push(...notSeen);
}

async function drain(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Adds what generators make, and leaves out the patches, which are parts of objects and not objects. */
function resolveKustomizations(gathered: Gathering, cwd: string): void {
  const envKeys = (file: string) => {
    const read = readText(resolve(cwd, file));
    return read.ok ? filledSettings(read.text) : [];
  };
  const views = gathered.objects.filter(isKustomization).map((found) => viewKustomization(found, envKeys));
  const patches = new Set(views.flatMap(({ patchFiles }) => patchFiles));
  const kept = gathered.objects.filter(({ file }) => !patches.has(join(file)));
  gathered.objects.splice(0, gathered.objects.length, ...kept, ...views.flatMap(({ generated }) => generated));
}
