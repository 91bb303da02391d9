import { describe, expect, it } from 'vitest';
import { redact } from '../../src/kubernetes/redact.ts';

const SECRET = 'hunter2-and-more';

describe('a copy that may be shown', () => {
  it.each<readonly [string, unknown]>([
    ['an env variable', { name: 'DB_PASS', value: SECRET }],
    ['an entry of a ConfigMap', { data: { DB_PASSWORD: SECRET } }],
    ['an env file inside a ConfigMap', { data: { '.env': `LOG_LEVEL=info\nPOSTGRES_PASSWORD=${SECRET}\n` } }],
    ['YAML inside a ConfigMap', { data: { 'app.yaml': `db:\n  password: "${SECRET}" # for now\n` } }],
    ['JSON on one line', { data: { 'app.json': `{"db":{"password":"${SECRET}"}}` } }],
    ['an SQL script', { data: { 'role.sql': `CREATE ROLE qna PASSWORD '${SECRET}';` } }],
    ['a word after its flag', { args: ['serve', '--api-key', SECRET] }],
    ['a variable before a command', { args: ['sh', '-c', `PGPASSWORD=${SECRET} pg_dump`] }],
    [
      'the manifest that kubectl keeps',
      { annotations: { last: JSON.stringify({ env: [{ name: 'API_TOKEN', value: SECRET }] }) } },
    ],
    ['a password in a URL', { value: `postgresql://qna:${SECRET}@postgres/qna` }],
  ])('holds no credential of %s', (_, value) => {
    expect(JSON.stringify(redact(value))).not.toContain(SECRET);
  });

  it('holds no file in base64 with a credential in it', () => {
    const file = btoa(`POSTGRES_PASSWORD=${SECRET}`);
    expect(JSON.stringify(redact({ binaryData: { '.env': file, 'logo.png': 'iVBORw0KGgo=' } }))).toBe(
      '{"binaryData":{".env":"[hidden:credential]","logo.png":"iVBORw0KGgo="}}',
    );
  });

  it('keeps all else as it was', () => {
    const harmless = {
      args: ['serve', '--max-tokens', '1024', '--config', '/etc/qna.yaml'],
      data: { MAX_TOKENS: '1024', 'app.yaml': 'model: gpt-4o\npassword_file: /run/secrets/db\n' },
      env: [{ name: 'DATABASE_URL', value: 'postgresql://$(PGUSER):$(PGPASSWORD)@postgres/qna' }],
      annotations: { last: '{"kind": "Deployment",  "spaced": true}' },
    };
    expect(redact(harmless)).toEqual(harmless);
  });

  it('is the same when it is copied again', () => {
    const once = redact({ data: { '.env': `API_TOKEN=${SECRET}\nMODE=prod` }, args: ['--token', SECRET] });
    expect(redact(once)).toEqual(once);
  });

  it('is made in a time that grows with the length, whatever the text', () => {
    const hostile = [
      'password '.repeat(20_000),
      `"a":"${'\\'.repeat(99_999)}`,
      ' '.repeat(200_000),
      'a='.repeat(99_999),
    ];
    const start = performance.now();
    redact({ data: hostile.join('\n') });
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});
