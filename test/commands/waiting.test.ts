import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Io } from '../../src/commands/io.ts';
import { withWaiting } from '../../src/commands/waiting.ts';

const GONE = '\r\u001b[K';

/** A person at a terminal, whose clock the test moves. */
function world(columns = 40) {
  const written: string[] = [];
  const output = { write: (text: string) => void written.push(text), isTTY: true, columns };
  const io: Io = {
    stdout: output,
    stderr: output,
    stdin: (async function* () {})(),
    env: {},
    cwd: '/',
    now: () => new Date(),
    signal: new AbortController().signal,
  };
  return { io, text: () => written.join('') };
}

describe('what is told while a command works', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is nothing where it takes less than half a second', async () => {
    const { io, text } = world();
    await withWaiting('Asking', io, async () => void vi.advanceTimersByTime(499));
    expect(text()).toBe('');
  });

  it('is one line, written anew each second, which is gone when the report begins and at the end', async () => {
    const { io, text } = world();
    await withWaiting('Asking', io, async ({ stdout }) => {
      vi.advanceTimersByTime(1_600);
      stdout.write('report\n');
      vi.advanceTimersByTime(1_000);
    });
    expect(text()).toBe(`${GONE}1 s Asking${GONE}2 s Asking${GONE}report\n${GONE}3 s Asking${GONE}`);
  });

  it('says what it is at, where that leaves the timers no time, and never breaks', async () => {
    const { io, text } = world(30);
    await withWaiting('Reading', io, async (_, at) => {
      at('k8s/first.yaml');
      vi.setSystemTime(Date.now() + 2_000);
      at('k8s/a-rather-long-name\u001b[31m-of-a-file.yaml');
      at('k8s/soon-after.yaml');
    });
    expect(text()).toBe(`${GONE}2 s Reading: k8s/a-rather-lo…${GONE}`);
  });

  it('is gone where the command fails', async () => {
    const { io, text } = world();
    const failing = withWaiting('Asking', io, async () => {
      vi.advanceTimersByTime(600);
      throw new Error('refused');
    });
    await expect(failing).rejects.toThrow('refused');
    expect(text().endsWith(GONE)).toBe(true);
  });
});
