import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings, type SettingsError } from '../../service/settings.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';

const GOOD = { DATABASE_URL: 'postgres://qna:pw@db/qna' };

describe('the settings', () => {
  it('need nothing but the database', () => {
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

  it('take a secret from a mounted file', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'url'), 'postgres://qna:pw@db/qna\n');
    expect(readSettings({ DATABASE_URL_FILE: join(folder, 'url') }).databaseUrl).toBe('postgres://qna:pw@db/qna');
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
    ['a secret that is given twice', { ...GOOD, DATABASE_URL_FILE: '/nowhere' }, 'are both set'],
  ])('are refused, by name, with %s', (_, env, sentence) => {
    expect(() => readSettings(env)).toThrow(sentence);
  });

  it('are refused with every problem at once, and without a value in any', () => {
    try {
      readSettings({ DATABASE_URL: 'mysql://u:hunter2-secret@db', PORT: 'sk-misplaced-secret', LOG_LEVEL: 'x' });
      expect.unreachable();
    } catch (error) {
      expect((error as SettingsError).problems).toHaveLength(3);
      expect(String(error)).not.toMatch(/hunter2-secret|sk-misplaced-secret/);
    }
  });

  it('end the process with code 1 and one JSON line for each problem', () => {
    const main = join(import.meta.dirname, '../../service/main.ts');
    const { status, stdout, stderr } = spawnSync(process.execPath, [main], { encoding: 'utf8', env: { PORT: 'x' } });
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { level: string; msg: string });
    expect(lines.map(({ level }) => level)).toEqual(['fatal', 'fatal']);
    expect(stderr).toBe('');
    expect(status).toBe(1);
  });
});
