import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings, type SettingsError } from '../../service/settings.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';

const GOOD = { DATABASE_URL: 'postgres://qna:pw@db/qna', API_AUTH: 'off' };

describe('the settings', () => {
  it('need nothing but the database, and to be told who may call', () => {
    expect(readSettings(GOOD)).toMatchObject({ port: 8080, host: '0.0.0.0', provider: undefined, logLevel: 'info' });
  });

  it('take every value from the environment', () => {
    const env = {
      ...GOOD,
      PORT: '9090',
      OPENAI_API_KEY: 'k',
      OPENAI_BASE_URL: 'http://127.0.0.1:1/v1',
      OPENAI_MODEL: 'm',
      LOG_LEVEL: 'warn',
    };
    expect(readSettings(env)).toMatchObject({
      port: 9090,
      logLevel: 'warn',
      provider: { apiKey: 'k', baseUrl: 'http://127.0.0.1:1/v1', model: 'm' },
    });
  });

  it('take the tokens of callers from the environment or from a mounted file', () => {
    const [one, other] = ['first-token-of-a-caller', 'second.token~of+a/caller=='];
    expect(readSettings({ DATABASE_URL: GOOD.DATABASE_URL, API_TOKENS: `${one}, ${other}` }).apiTokens).toEqual([
      one,
      other,
    ]);
    const file = join(temporaryFolder(), 'tokens');
    writeFileSync(file, `${one}\n${other}\n`);
    expect(readSettings({ DATABASE_URL: GOOD.DATABASE_URL, API_TOKENS_FILE: file }).apiTokens).toEqual([one, other]);
    expect(readSettings(GOOD).apiTokens).toBeUndefined();
  });

  it('take a secret from a mounted file', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'url'), 'postgres://qna:pw@db/qna\n');
    expect(readSettings({ API_AUTH: 'off', DATABASE_URL_FILE: join(folder, 'url') }).databaseUrl).toBe(
      'postgres://qna:pw@db/qna',
    );
  });

  it.each([
    ['nothing at all', {}, 'DATABASE_URL is missing'],
    ['an empty variable, which is what an empty Secret gives', { DATABASE_URL: ' ' }, 'DATABASE_URL is missing'],
    [
      'a database of another kind',
      { DATABASE_URL: 'mysql://db' },
      'DATABASE_URL must be a URL that begins with postgres://',
    ],
    ['a port that is no number', { ...GOOD, PORT: 'http' }, 'PORT must be a whole number'],
    ['a port that does not exist', { ...GOOD, PORT: '99999' }, 'PORT must be a whole number'],
    ['a level that does not exist', { ...GOOD, LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of'],
    ['a provider without a scheme', { ...GOOD, OPENAI_BASE_URL: 'api.openai.com' }, 'OPENAI_BASE_URL must be a URL'],
    [
      'a file that is not there',
      { DATABASE_URL_FILE: '/nowhere' },
      'DATABASE_URL_FILE names a file that cannot be read',
    ],
    ['nobody told who may call', { DATABASE_URL: GOOD.DATABASE_URL }, /API_TOKENS is missing.*API_AUTH/],
    ['no token among the commas', { DATABASE_URL: GOOD.DATABASE_URL, API_TOKENS: ' , ' }, 'API_TOKENS is missing'],
    ['a token that can be guessed', { ...GOOD, API_AUTH: 'on', API_TOKENS: 'secret' }, 'at least 16 characters'],
    [
      'a token that no header carries',
      { ...GOOD, API_AUTH: 'on', API_TOKENS: 'töken'.repeat(5) },
      'at least 16 characters',
    ],
    ['tokens that are not asked for', { ...GOOD, API_TOKENS: 'a'.repeat(16) }, 'API_AUTH is off and API_TOKENS is set'],
    ['a word that is neither on nor off', { ...GOOD, API_AUTH: 'false' }, 'API_AUTH must be on or off'],
    [
      'a price that is none',
      { ...GOOD, PRICE_INPUT_PER_MILLION: '$1', PRICE_OUTPUT_PER_MILLION: '1' },
      'PRICE_INPUT_PER_MILLION must be',
    ],
    ['one price of two', { ...GOOD, PRICE_INPUT_PER_MILLION: '0.4' }, 'must be set together'],
    ['a secret that is given twice', { ...GOOD, DATABASE_URL_FILE: '/nowhere' }, 'are both set'],
  ])('are refused, by name, with %s', (_, env, sentence) => {
    expect(() => readSettings(env)).toThrow(sentence);
  });

  it('are refused with every problem at once, and without a value in any', () => {
    try {
      readSettings({ DATABASE_URL: 'mysql://u:hunter2-secret@db', PORT: 'sk-misplaced-secret', LOG_LEVEL: 'x' });
      expect.unreachable();
    } catch (error) {
      expect((error as SettingsError).problems).toHaveLength(4);
      expect(String(error)).not.toMatch(/hunter2-secret|sk-misplaced-secret/);
    }
  });

  it('end the process with code 1 and one JSON line that holds every fault', () => {
    const { status, stdout, stderr } = main({ PORT: 'x' });
    expect(JSON.parse(stdout)).toMatchObject({
      level: 'fatal',
      msg: expect.stringMatching(/DATABASE_URL is missing.*PORT must be.*API_TOKENS is missing/s),
    });
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  });
});

describe('--check-config', () => {
  it('says that the settings hold, starts nothing and ends with 0', () => {
    const { status, stdout, stderr } = main({ ...GOOD, PORT: '1' }, '--check-config');
    expect(JSON.parse(stdout)).toMatchObject({ level: 'info', msg: 'the settings hold; nothing was started' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('names every fault in one message, shows no value, and ends with 1', () => {
    const { status, stdout } = main(
      {
        DATABASE_URL: 'mysql://u:hunter2-secret@db',
        PORT: 'sk-misplaced-secret',
        LOG_LEVEL: 'loud',
        DRAIN_MS: '-1',
        READINESS_REQUIRE_LLM: 'maybe',
        OPENAI_BASE_URL: 'api.example',
        TERMINATION_GRACE_PERIOD_SECONDS: '30',
      },
      '--check-config',
    );
    const { msg, problems } = JSON.parse(stdout) as { msg: string; problems: readonly string[] };
    for (const name of [
      'DATABASE_URL',
      'PORT',
      'LOG_LEVEL',
      'DRAIN_MS',
      'READINESS_REQUIRE_LLM',
      'OPENAI_BASE_URL',
      'TERMINATION_GRACE_PERIOD_SECONDS',
    ])
      expect(msg).toContain(`${name} must`);
    expect(problems).toHaveLength(8);
    expect(stdout).not.toMatch(/hunter2|misplaced|loud|maybe|api\.example/);
    expect(status).toBe(1);
  });

  it('is refused together with what it does not know', () => {
    const { status, stdout } = main(GOOD, '--chek-config');
    expect(JSON.parse(stdout)).toMatchObject({ level: 'fatal', msg: expect.stringContaining('--check-config') });
    expect(status).toBe(1);
  });
});

function main(env: NodeJS.ProcessEnv, ...args: readonly string[]) {
  const file = join(import.meta.dirname, '../../service/main.ts');
  return spawnSync(process.execPath, [file, ...args], { encoding: 'utf8', env });
}
