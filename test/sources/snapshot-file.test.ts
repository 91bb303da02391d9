import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import schema from '../../schemas/snapshot-v2.schema.json' with { type: 'json' };
import { CHECKS } from '../../src/checks/index.ts';
import type { Check } from '../../src/core/check.ts';
import type { Snapshot } from '../../src/core/facts.ts';
import { runChecks } from '../../src/core/run-checks.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import { filesSource } from '../../src/sources/files/files-source.ts';
import { liveResource } from '../../src/sources/live-resource.ts';
import { redactSnapshot } from '../../src/sources/redact-snapshot.ts';
import { readSnapshots } from '../../src/sources/replay/read-snapshot.ts';
import { saveSnapshots } from '../../src/sources/replay/save-snapshot.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';

const ROOT = join(import.meta.dirname, '../..');
const RECORDED = join(ROOT, 'test/recorded/audit-snapshot-v1.json');
const FIXTURES = readdirSync(join(ROOT, 'src/checks'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.includes('/fixtures/'))
  .map((name) => join(ROOT, 'src/checks', name));
const RECORDING = { recordedAt: new Date('2026-11-01T08:00:00.000Z'), recordedBy: '0.1.0' };

const ajv = new Ajv({ allErrors: true, strict: false });
ajvFormats.default(ajv);
const isSnapshotFile = ajv.compile(schema);

async function saved(snapshots: readonly Snapshot[], name: string): Promise<Buffer> {
  const file = join(temporaryFolder(), name);
  await saveSnapshots(file, snapshots, RECORDING);
  return readFileSync(file);
}

/** All that the checks say, without what only leads to the code that says it. */
function verdicts(snapshots: readonly Snapshot[], checks: readonly Check[] = CHECKS) {
  return [...runChecks(checks, snapshots, DEFAULT_SETTINGS)].map(({ check, snapshot, mend: _mend, ...verdict }) => ({
    check: check.id,
    label: snapshot.label,
    ...verdict,
  }));
}

function checkOf(fixture: string): Check {
  const check = CHECKS.find(({ id }) => fixture.includes(`/src/checks/${id}/fixtures/`));
  if (check === undefined) throw new Error(`${fixture} belongs to no check.`);
  return check;
}

describe('a saved snapshot', () => {
  it.each(
    [RECORDED, ...FIXTURES.filter((name) => /\/fixtures\/[^/]+\.json$/.test(name))].map((file) => [
      relative(ROOT, file),
      file,
    ]),
  )('of %s replays to the same verdicts', async (_, file) => {
    const snapshots = readSnapshots(readFileSync(file), file);
    const bytes = await saved(snapshots, 'snapshot.json');
    expect(isSnapshotFile(JSON.parse(bytes.toString())), JSON.stringify(isSnapshotFile.errors)).toBe(true);
    const again = readSnapshots(bytes, 'snapshot.json');
    expect(verdicts(again)).toEqual(verdicts(snapshots));
    expect(again.map(({ notSeen, target, detected }) => ({ notSeen, target, detected }))).toEqual(
      snapshots.map(({ notSeen, target, detected }) => ({ notSeen, target, detected })),
    );
    // Saving what was replayed makes the same file.
    expect((await saved(again, 'again.json')).equals(bytes)).toBe(true);
  });

  it('is compressed where its name says so, and is read whatever its name is', async () => {
    const snapshots = readSnapshots(readFileSync(RECORDED), 'recorded');
    const plain = await saved(snapshots, 'plain.json');
    const packed = await saved(snapshots, 'packed.json.gz');
    expect(packed.length).toBeLessThan(plain.length / 5);
    expect(gunzipSync(packed).equals(plain)).toBe(true);
    expect(verdicts(readSnapshots(packed, 'renamed.json'))).toEqual(verdicts(snapshots));
  });

  it('holds several contexts, each with its name and its gaps', async () => {
    const [first] = readSnapshots(readFileSync(RECORDED), 'recorded');
    if (first === undefined) throw new Error('There is no recording.');
    const eu = { ...first, label: 'eu' };
    const us: Snapshot = {
      source: 'cluster',
      target: 'context us',
      label: 'us',
      facts: { secrets: { seen: false, reason: 'the connection was refused' } },
      notSeen: [{ what: 'context us', reason: 'the connection was refused' }],
    };
    const again = readSnapshots(await saved([eu, us], 'both.json'), 'both.json');
    expect(again.map(({ label }) => label)).toEqual(['eu', 'us']);
    expect(again[1]?.notSeen).toEqual(us.notSeen);
    expect(verdicts(again)).toEqual(verdicts([eu, us]));
  });

  it('of version 1 is read as it always was', () => {
    expect(JSON.parse(readFileSync(RECORDED, 'utf8'))).toHaveProperty('qnaReadySnapshot');
    const [snapshot] = readSnapshots(
      Buffer.from(
        JSON.stringify({
          qnaReadySnapshot: 1,
          recordedAt: '2026-11-01T08:00:00.000Z',
          source: 'cluster',
          target: 'context staging',
          facts: { pods: { seen: true, value: [{ kind: 'Pod', metadata: { name: 'qna' } }] } },
        }),
      ),
      'old.json',
    );
    expect(snapshot).toMatchObject({ recordedAt: '2026-11-01T08:00:00.000Z', notSeen: [], target: 'context staging' });
    expect(snapshot?.facts.pods).toMatchObject({ seen: true, value: [{ ref: 'Pod qna' }] });
  });

  const packed = gzipSync(readFileSync(RECORDED));
  const v2 = (snapshot: object) => JSON.stringify({ qnaReadySnapshot: 2, snapshots: [snapshot] });
  const cluster = { source: 'cluster', target: 'x', notSeen: [] };
  it.each<readonly [string, Uint8Array | string, RegExp]>([
    ['nothing', '', /is no saved snapshot: it is not JSON\.$/],
    ['no JSON', 'hello', /is no saved snapshot: it is not JSON\.$/],
    ['no UTF-8', Buffer.from([0xff, 0xfe, 0x00]), /is no saved snapshot: it is not UTF-8\.$/],
    ['another JSON', '{"kind": "List"}', /is no saved snapshot\.$/],
    ['null', 'null', /is no saved snapshot\.$/],
    ['a version of its own', '{"qnaReadySnapshot": "two"}', /is no saved snapshot\.$/],
    [
      'a newer version',
      '{"qnaReadySnapshot": 3}',
      /is a snapshot of version 3, and this qna-ready reads versions 1 and 2/,
    ],
    ['version 1 without facts', '{"qnaReadySnapshot": 1, "source": "cluster", "target": "x"}', /facts/],
    ['no snapshot', '{"qnaReadySnapshot": 2, "snapshots": []}', /\/snapshots must NOT have fewer than 1 items/],
    ['facts that are a list', v2({ ...cluster, facts: [] }), /\/snapshots\/0\/facts must be object/],
    ['a fact that is a text', v2({ ...cluster, facts: { pods: 'all' } }), /\/facts\/pods must be object/],
    ['a fact without its value', v2({ ...cluster, facts: { pods: { seen: true } } }), /pods holds no objects/],
    ['a gap without a reason', v2({ ...cluster, facts: { pods: { seen: false } } }), /'reason'/],
    [
      'objects that are texts',
      v2({ ...cluster, facts: { pods: { seen: true, objects: ['x'] } } }),
      /\/facts\/pods\/objects\/0 must be object/,
    ],
    [
      'objects of no kind',
      v2({ ...cluster, facts: { pods: { seen: true, objects: [{ metadata: {} }] } } }),
      /must have required property 'kind'/,
    ],
    [
      'objects in the place of another value',
      v2({ ...cluster, facts: { pods: { seen: true, value: [{ kind: 'Pod' }] } } }),
      /pods holds no objects\.$/,
    ],
    [
      'labels that are no texts',
      v2({ ...cluster, facts: { pods: { seen: true, objects: [{ kind: 'Pod', metadata: { labels: { a: 1 } } }] } } }),
      /\/metadata\/labels\/a must be string/,
    ],
    [
      'logs that are a text',
      v2({ ...cluster, facts: { logs: { seen: true, value: 'x' } } }),
      /\/logs\/value must be array/,
    ],
    ['a time that is none', v2({ ...cluster, facts: { observedAt: { seen: true, value: 'now' } } }), /date-time/],
    ['a truncated file', packed.subarray(0, packed.length / 2), /is cut off: its compressed data ends too early\.$/],
    ['a damaged file', Buffer.concat([packed.subarray(0, 40), Buffer.alloc(40), packed.subarray(80)]), /is damaged/],
    ['a file that begins as if it were compressed', Buffer.from([0x1f, 0x8b]), /is cut off|is damaged/],
  ])('that is %s is refused in a sentence', (_, content, sentence) => {
    let error: unknown;
    try {
      readSnapshots(Buffer.from(content), 'snapshot.json');
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ name: 'UserError', message: expect.stringMatching(sentence) });
    expect((error as Error).message).toMatch(/^snapshot\.json .*\.$/);
  });

  it('that inflates without an end is refused before it fills the memory', () => {
    const zeros = gzipSync(Buffer.alloc(1024 * 1024));
    const bomb = Buffer.concat(Array.from({ length: 64 }, () => zeros));
    expect(bomb.length).toBeLessThan(100_000);
    expect(() => readSnapshots(bomb, 'bomb.gz', 16 * 1024 * 1024)).toThrow(
      'bomb.gz inflates to more than 16 MiB, which no saved snapshot does.',
    );
  });
});

describe('what is redacted', () => {
  const clusterFixtures = FIXTURES.filter((fixture) => checkOf(fixture).only?.includes('cluster') ?? true);

  it.each(
    clusterFixtures
      .filter((name) => /\/fixtures\/[^/]+\.(?:json|yaml)$/.test(name))
      .map((file) => [relative(ROOT, file), file]),
  )('of %s is judged as it was before', async (_, file) => {
    const check = checkOf(file);
    const raw = file.endsWith('.json') ? rawSnapshot(file) : await rawManifests(file, check);
    const outcomes = (snapshot: Snapshot) =>
      verdicts([snapshot], [check]).map(({ outcome, subject, severity }) => ({ outcome, subject, severity }));
    expect(outcomes(redactSnapshot(raw))).toEqual(outcomes(raw));
    // A copy of the copy is the copy.
    expect(verdicts([redactSnapshot(redactSnapshot(raw))], [check])).toEqual(verdicts([redactSnapshot(raw)], [check]));
  });
});

function rawSnapshot(file: string): Snapshot {
  const { source, target, facts } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly source: Snapshot['source'];
    readonly target: string;
    readonly facts: Readonly<Record<string, { readonly seen: boolean; readonly value?: unknown }>>;
  };
  const revived = Object.entries(facts).map(([fact, observed]) => [
    fact,
    Array.isArray(observed.value) && observed.value.every((one) => typeof one?.kind === 'string')
      ? { ...observed, value: observed.value.map((object) => liveResource(object)) }
      : observed,
  ]);
  return { source, target, facts: Object.fromEntries(revived) as Snapshot['facts'], notSeen: [] };
}

function rawManifests(file: string, check: Check): Promise<Snapshot> {
  const source = filesSource({ paths: [file], cwd: '/', stdin: (async function* () {})() });
  return source.collect(new Set(check.needs), new AbortController().signal);
}
