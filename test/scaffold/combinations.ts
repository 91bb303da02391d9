import { INGRESS_CONTROLLERS } from '../../src/scaffold/answer-shape.ts';
import type { GivenAnswers } from '../../src/scaffold/answers.ts';

/** What the answers that choose between manifests can be. */
const CHOICES: Readonly<Record<string, readonly (string | number)[]>> = {
  layout: ['kustomize', 'helm', 'plain'],
  // `gateway` stands in for a controller of an Ingress: with it no other controller matters.
  edge: ['gateway', ...INGRESS_CONTROLLERS],
  certificate: ['cluster-issuer', 'acme-http01', 'acme-dns01', 'private-ca', 'secret'],
  dnsProvider: ['cloudflare', 'route53'],
  database: ['statefulset', 'cnpg', 'external'],
  databaseMajor: [15, 17, 18],
  secrets: ['secret', 'external-secrets', 'sealed-secrets', 'sops'],
  backup: ['claim', 's3'],
  autoscaling: ['none', 'cpu'],
  monitoring: ['annotations', 'operator'],
  storageClass: ['', 'fast'],
  acmeEmail: ['', 'team@example.com'],
  runtime: ['node', 'python'],
  ci: ['none', 'github', 'gitlab'],
};

type Row = Readonly<Record<string, string | number>>;

/** Sets of answers in which every two choices meet at least once. */
export const COMBINATIONS: readonly GivenAnswers[] = pairwise().map(answersOf);

export function describeCombination(given: GivenAnswers): string {
  return Object.entries(given)
    .filter(([name, value]) => value !== '' && name !== 'ageRecipient')
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

function answersOf({ edge, ...others }: Row): GivenAnswers {
  return {
    ...others,
    ...(edge === 'gateway' ? { exposure: 'gateway' } : { exposure: 'ingress', ingressController: edge }),
    ageRecipient: others.secrets === 'sops' ? `age1${'q'.repeat(58)}` : '',
    name: 'team-qna',
    namespace: 'ai',
  };
}

/** Greedy: each row takes, choice by choice, the value that meets most pairs which have not met. */
function pairwise(): readonly Row[] {
  const names = Object.keys(CHOICES);
  const open = new Set<string>();
  const pairOf = (a: string, x: unknown, b: string, y: unknown) =>
    names.indexOf(a) < names.indexOf(b) ? `${a}=${x}&${b}=${y}` : `${b}=${y}&${a}=${x}`;
  for (const [index, a] of names.entries())
    for (const b of names.slice(index + 1))
      for (const x of CHOICES[a] ?? []) for (const y of CHOICES[b] ?? []) open.add(pairOf(a, x, b, y));
  const rows: Row[] = [];
  while (open.size > 0) {
    // Beginning with a pair that has not met, each row meets one at least.
    const row: Record<string, string | number> = {};
    for (const part of (open.values().next().value ?? '').split('&')) {
      const [name = '', value = ''] = part.split('=');
      row[name] = (CHOICES[name] ?? []).find((choice) => String(choice) === value) ?? value;
    }
    for (const name of names) {
      if (name in row) continue;
      const gain = (value: unknown) =>
        Object.entries(row).filter(([other, chosen]) => open.has(pairOf(name, value, other, chosen))).length;
      row[name] = [...(CHOICES[name] ?? [])].sort((a, b) => gain(b) - gain(a))[0] ?? '';
    }
    for (const [index, a] of names.entries())
      for (const b of names.slice(index + 1)) open.delete(pairOf(a, row[a], b, row[b]));
    rows.push(row);
  }
  return rows;
}
