import { defineCheck, type Verdict } from '../../../core/check.ts';
import type { Exchange } from '../../../core/endpoint-facts.ts';
import { ANSWER_FACTS, differentAnswers } from '../answers.ts';

export const httpCookiesCheck = defineCheck({
  id: 'http/cookies',
  title: 'Cookies are Secure, HttpOnly and bound to their site',
  severity: 'warning',
  why: 'A session cookie without Secure travels in clear with the first http link, one without HttpOnly is read by any script that gets into the page, and one without SameSite is sent along by forms on other sites.',
  how: 'Every answer that the service was brought to give is looked at: the health endpoints, refused requests, and a request from another origin. Each Set-Cookie must have HttpOnly and SameSite, and over https Secure too; SameSite=None needs Secure everywhere. The values of cookies are never kept. A service that sets none passes.',
  fix: "Set cookies as Secure; HttpOnly; SameSite=Lax, or set none: an API that takes a token has no use for them. A proxy's own cookie for sticky sessions has the same options in its configuration.",
  verify: 'Run curl -si https://HOST/ | grep -i set-cookie for each path.',
  references: [
    'https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis',
    'https://owasp.org/www-project-secure-headers/',
  ],
  needs: ANSWER_FACTS,
  evaluate: (facts) => {
    const cookies = new Map(
      differentAnswers(facts).flatMap((answer) =>
        cookiesOf(answer).map((cookie) => [cookie.name, { cookie, answer }] as const),
      ),
    );
    if (cookies.size === 0)
      return [
        {
          outcome: 'pass',
          subject: 'cookies',
          message: 'No answer sets a cookie.',
          observed: `${differentAnswers(facts).length} different answers`,
        },
      ];
    return [...cookies.values()].map(({ cookie, answer }) => judge(cookie, answer));
  },
});

interface Cookie {
  readonly name: string;
  /** In lower case, by name. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** Repeated headers are joined by commas, and so may a date hold one: a cookie begins where a name and an equals sign follow. */
function cookiesOf({ headers }: Exchange): readonly Cookie[] {
  return (headers['set-cookie'] ?? '')
    .split(/,\s*(?=[^\s;,=]+=)/)
    .filter((text) => text.includes('='))
    .map((text) => {
      const [first = '', ...rest] = text.split(';');
      const attributes = rest.map((part) => {
        const [name = '', value = ''] = part.split('=');
        return [name.trim().toLowerCase(), value.trim().toLowerCase()] as const;
      });
      return { name: first.split('=')[0]?.trim() ?? '', attributes: new Map(attributes) };
    });
}

function judge({ name, attributes }: Cookie, { request }: Exchange): Verdict {
  const isSecure = request.includes(' https://');
  const sameSite = attributes.get('samesite');
  const lacking = [
    ...(attributes.has('secure') || !(isSecure || sameSite === 'none') ? [] : ['Secure']),
    ...(attributes.has('httponly') ? [] : ['HttpOnly']),
    ...(sameSite === undefined ? ['SameSite'] : []),
  ];
  return {
    outcome: lacking.length === 0 ? 'pass' : 'fail',
    subject: `cookie ${name}`,
    message:
      lacking.length === 0 ? 'The cookie is bound as it should be.' : `The cookie lacks ${lacking.join(' and ')}.`,
    observed: [...attributes.keys()].join('; ') || 'no attributes',
    expected: isSecure ? 'Secure; HttpOnly; SameSite' : 'HttpOnly; SameSite',
    where: { request },
  };
}
