import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../src/commands/duration.ts';
import { runCli } from './run-cli.ts';

describe('--logs-since', () => {
  it.each([
    ['90s', 90],
    ['15m', 900],
    ['2h', 7200],
    ['1h30m', 5400],
  ])('reads %s', (text, seconds) => {
    expect(parseDuration('--logs-since', text)).toBe(seconds);
  });

  it.each(['', '15', 'm', '0s', '-5m', '1.5h', '1d', '5m ago', '10 m'])('refuses %j', async (text) => {
    const { exitCode, stderr } = await runCli(['audit', '--logs-since', text, '--context', 'one', '--context', 'two']);
    expect(stderr).toMatch(/^qna-ready: --logs-since .* is no length of time above zero\.\n/);
    expect(exitCode).toBe(2);
  });
});

describe('the way to the edge', () => {
  it.each([
    [['--connect-to', 'qna.example.com'], /is not of the form HOST:PORT:ADDRESS:PORT/],
    [['--connect-to', '::169.254.169.254:'], /link-local or metadata address/],
    [['--ca', 'package.json'], /holds no certificate that can be read/],
  ])('is refused before anything is asked: %j', async (args, sentence) => {
    const { exitCode, stdout, stderr } = await runCli(['audit', ...args]);
    expect(stderr).toMatch(sentence);
    expect([exitCode, stdout]).toEqual([2, '']);
  });
});
