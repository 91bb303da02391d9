import { defineCheck, type Verdict } from '../../../core/check.ts';
import type { Exchange } from '../../../core/endpoint-facts.ts';
import { notApplicable } from '../../verdicts.ts';

/** What is shorter is hardly worth a word: most services send pages of this order unpacked, and a scrape of them costs little. */
const WORTH_IT = 32 * 1024;

export const httpCompressionCheck = defineCheck({
  id: 'http/compression',
  title: 'Compression is honoured, and breaks nothing',
  severity: 'warning',
  why: 'An answer that is packed although the client cannot unpack it, packed twice, or kept by a cache without Vary, is rubbish for somebody, and only for them. Metrics that are not packed cost ten times the traffic, every few seconds.',
  how: 'One page, that of the metrics where there is one, is asked for with Accept-Encoding: identity, and with gzip and br. The first answer must not be packed. The second must unpack to text in one step, and must carry Vary: Accept-Encoding where it is packed; a page above 32 KiB that is not packed is a note.',
  fix: 'Let one place compress, the service or the proxy before it, add Vary: Accept-Encoding there, and let it respect identity.',
  verify:
    'Run curl -si --compressed http://HOST/metrics | head -20, and the same with -H "Accept-Encoding: identity", and compare Content-Encoding and Vary.',
  references: [
    'https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3',
    'https://www.rfc-editor.org/rfc/rfc9110#section-12.5.5',
  ],
  needs: ['httpAnswers'],
  evaluate: ({ httpAnswers: { compression } }) => {
    if (compression === undefined) return notApplicable('compression', 'There is no page that could be compressed.');
    const { plain, packed } = compression;
    return [judgePlain(plain), ...judgePacked(packed)];
  },
});

function judgePlain(plain: Exchange): Verdict {
  const encoding = encodingOf(plain);
  return {
    outcome: encoding === undefined ? 'pass' : 'fail',
    subject: 'a client without compression',
    message:
      encoding === undefined
        ? 'Who asks for no compression gets none.'
        : 'An answer is packed for a client that said it cannot unpack it.',
    observed: `Content-Encoding: ${encoding ?? '(none)'}`,
    expected: 'no Content-Encoding after Accept-Encoding: identity',
    where: { request: plain.request },
  };
}

function judgePacked(packed: Exchange): readonly Verdict[] {
  const encoding = encodingOf(packed);
  const about = {
    where: { request: packed.request },
    observed: `Content-Encoding: ${encoding ?? '(none)'}, ${packed.body.length} characters`,
  };
  if (encoding === undefined) {
    const isLong = packed.body.length > WORTH_IT;
    return [
      {
        ...about,
        outcome: isLong ? 'fail' : 'pass',
        severity: 'note',
        subject: 'a client with compression',
        message: isLong
          ? 'A long page is not packed for a client that could unpack it.'
          : 'The page is too short for packing to matter.',
        expected: 'Content-Encoding: gzip for a page that is worth it',
      },
    ];
  }
  const twice = encoding.includes(',') || isPacked(packed.body);
  const varies = /(?:^|,)\s*(?:accept-encoding|\*)\s*(?:,|$)/i.test(packed.headers.vary ?? '');
  return [
    {
      ...about,
      outcome: twice ? 'fail' : 'pass',
      severity: 'error',
      subject: 'a client with compression',
      message: twice
        ? 'The answer is packed twice: clients unpack it once, and get rubbish.'
        : 'The packed answer unpacks to text.',
      expected: 'one Content-Encoding, which unpacks to the page',
    },
    {
      ...about,
      outcome: varies ? 'pass' : 'fail',
      subject: 'Vary',
      message: varies
        ? 'Caches are told that the answer depends on Accept-Encoding.'
        : 'Caches are not told that the answer depends on Accept-Encoding, and may give it to whom it does not suit.',
      observed: `Vary: ${packed.headers.vary ?? '(none)'}`,
      expected: 'Vary: Accept-Encoding',
    },
  ];
}

function encodingOf({ headers }: Exchange): string | undefined {
  const encoding = headers['content-encoding']?.trim().toLowerCase();
  return encoding === '' || encoding === 'identity' ? undefined : encoding;
}

/** The beginning of a gzip file, decoded as text: its second byte is none of UTF-8. */
function isPacked(body: string): boolean {
  return body.startsWith('\u001f\ufffd\b');
}
