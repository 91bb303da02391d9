import { LONGEST_LINE } from './limits.ts';

/** Puts together lines from pieces that are cut anywhere. */
export interface LineCutter {
  add(text: string): void;
  /** Gives on a last line that no line feed ends. */
  end(): void;
}

/**
 * Gives on whole lines, as many at once as there are. Of one that is too long its beginning is given on, with more than
 * `LONGEST_LINE` characters and no line feed, and the rest is passed over.
 */
export function createLineCutter(take: (lines: string) => void): LineCutter {
  let waiting: string[] = [];
  let length = 0;
  let passesOver = false;
  const giveOn = (last: string) => {
    const text = waiting.length === 0 ? last : waiting.join('') + last;
    waiting = [];
    length = 0;
    if (text !== '') take(text);
  };
  return {
    add(added) {
      let text = added;
      if (passesOver) {
        const newline = text.indexOf('\n');
        if (newline === -1) return;
        passesOver = false;
        text = text.slice(newline + 1);
      }
      const whole = text.lastIndexOf('\n') + 1;
      if (whole > 0) giveOn(text.slice(0, whole));
      if (whole === text.length) return;
      waiting.push(text.slice(whole));
      length += text.length - whole;
      if (length <= LONGEST_LINE) return;
      giveOn('');
      passesOver = true;
    },
    end() {
      giveOn('');
    },
  };
}
