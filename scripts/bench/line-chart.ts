export interface ChartLine {
  readonly name: string;
  readonly color: string;
  /** Pairs of x and y. */
  readonly points: readonly (readonly [number, number])[];
}

export interface Chart {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly lines: readonly ChartLine[];
}

const WIDTH = 640;
const HEIGHT = 300;
const LEFT = 56;
const BOTTOM = 44;
const TOP = 34;
const RIGHT = 16;

/** Draws lines over two axes that begin at zero, as a small SVG that looks well on a light and on a dark page. */
export function lineChart({ title, x, y, lines }: Chart): string {
  const all = lines.flatMap(({ points }) => points);
  const maxX = roundUp(Math.max(...all.map(([value]) => value)));
  const maxY = roundUp(Math.max(...all.map(([, value]) => value)));
  const px = (value: number) => round(LEFT + (value / maxX) * (WIDTH - LEFT - RIGHT));
  const py = (value: number) => round(HEIGHT - BOTTOM - (value / maxY) * (HEIGHT - BOTTOM - TOP));
  const text = (at: readonly [number, number], content: string, more = '') =>
    `<text x="${at[0]}" y="${at[1]}" ${more}>${content}</text>`;
  const steps = [0, 0.25, 0.5, 0.75, 1];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="11" fill="#777">`,
    `<title>${title}</title>`,
    text([LEFT, 18], title, 'font-size="13" font-weight="bold"'),
    ...steps.map((part) => `<path d="M${LEFT} ${py(part * maxY)}H${WIDTH - RIGHT}" stroke="#7773" />`),
    ...steps.map((part) => text([LEFT - 6, py(part * maxY) + 4], label(part * maxY), 'text-anchor="end"')),
    ...steps.map((part) => text([px(part * maxX), HEIGHT - BOTTOM + 16], label(part * maxX), 'text-anchor="middle"')),
    text([WIDTH - RIGHT, HEIGHT - 8], x, 'text-anchor="end"'),
    text([LEFT, HEIGHT - 8], y),
    ...lines.map(
      ({ color, points }) =>
        `<polyline fill="none" stroke="${color}" stroke-width="2" points="${points.map(([a, b]) => `${px(a)},${py(b)}`).join(' ')}" />`,
    ),
    ...lines.map(({ name, color }, index) =>
      text([WIDTH - RIGHT, TOP + 12 + index * 15], name, `text-anchor="end" fill="${color}"`),
    ),
    '</svg>',
    '',
  ].join('\n');
}

/** The next number that is easy to divide by four. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-9)));
  return ([1, 2, 4, 8, 10].find((factor) => factor * power >= value) ?? 10) * power;
}

function label(value: number): string {
  return value >= 1_000 ? `${value / 1_000}k` : String(Number(value.toPrecision(3)));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
