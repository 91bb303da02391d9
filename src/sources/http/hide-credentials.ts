import { maskSecrets } from '../../core/secret-text.ts';

/**
 * Makes the function through which every answer passes before it becomes a fact. A service may echo the credentials that
 * it was given, or tell its own: neither may reach a report or a saved snapshot.
 */
export function credentialHider(headers: Readonly<Record<string, string>>): (text: string) => string {
  const values = new Set<string>();
  for (const value of Object.values(headers)) {
    const token = value.replace(/^\S+\s+/, '');
    for (const each of [value, token, ...userinfoOf(value)]) if (each.length >= 4) values.add(each);
  }
  const longestFirst = [...values].sort((a, b) => b.length - a.length);
  return (text) => {
    let hidden = text;
    for (const value of longestFirst) hidden = hidden.replaceAll(value, '[hidden:credential]');
    return maskSecrets(hidden);
  };
}

/** Keeps the name and the attributes of each cookie, which is all that is judged. */
export function hideCookieValues(setCookie: string): string {
  return setCookie.replace(/^(\s*[^=;\s]+)=[^;]*/, '$1=[hidden:cookie]');
}

function userinfoOf(authorization: string): readonly string[] {
  const encoded = /^basic\s+(\S+)$/i.exec(authorization)?.[1];
  if (encoded === undefined) return [];
  const userinfo = Buffer.from(encoded, 'base64').toString();
  return [userinfo.slice(userinfo.indexOf(':') + 1)];
}
