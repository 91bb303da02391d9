/**
 * Whether a name in a certificate or under `tls.hosts` stands for a host, after RFC 6125: a wildcard replaces exactly the
 * first label, so `*.example.com` covers `a.example.com`, and neither `a.b.example.com` nor `example.com`.
 */
export function coversHost(pattern: string, host: string): boolean {
  const [wanted, given] = [normal(host), normal(pattern)];
  if (wanted === '' || given === '') return false;
  if (wanted === given) return true;
  const dot = wanted.indexOf('.');
  return given.startsWith('*.') && dot > 0 && !wanted.startsWith('*') && given.slice(1) === wanted.slice(dot);
}

/** The DNS names among a certificate's subject alternative names, which OpenSSL writes as `DNS:qna.example.com`. */
export function dnsNamesOf(subjectAltNames: readonly string[]): readonly string[] {
  return subjectAltNames.filter((name) => !/^(?!DNS:)[A-Za-z ]+:/.test(name)).map((name) => name.replace(/^DNS:/, ''));
}

function normal(name: string): string {
  return name.trim().toLowerCase().replace(/\.$/, '');
}
