import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Secret, TokenShape } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { formatHours, hoursBetween } from '../../../kubernetes/age.ts';
import { findByName } from '../../../kubernetes/references/by-name.ts';
import { referencesOf } from '../../../kubernetes/references/settings.ts';
import { WORKLOAD_FACTS, type Workload, type WorkloadFacts, workloadsOf } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';

/** As long as is left to certificates: time for somebody who comes back from a holiday. */
const MIN_DAYS = 14;
const NEVER_EXPIRES = 'kubernetes.io/service-account-token';
/** It writes a Secret once, and takes nothing back from where the value came from. */
const RENEWS_NOTHING = 'SealedSecret';

export const expiringCheck = defineCheck({
  id: 'secrets/expiring',
  title: 'No token that is used is about to end, and none is good for ever',
  severity: 'error',
  why: 'A token that ends takes every call with it that needs it, on a day that nobody wrote down. One that never ends is good for whoever finds it in a backup years later.',
  how: `Of each Secret that a workload takes, the values that are JSON Web Tokens are read for their exp claim, and only that time is kept. An end that has come is an error, one within ${MIN_DAYS} days a warning, unless a controller owns the Secret and renews it. A Secret of the type ${NEVER_EXPIRES} holds a token that never ends, which is a warning where a workload takes it, and else a note. Certificates are judged by ingress/certificate.`,
  fix: 'Issue the token anew and write it into the Secret, then restart what reads it; better, let something do so on a schedule, such as an ExternalSecret.',
  verify:
    "kubectl get secret NAME -o jsonpath='{.data.KEY}' | base64 -d | cut -d. -f2 | base64 -d 2>/dev/null | jq '.exp | todate'",
  references: [
    'https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4',
    'https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets',
    'https://kubernetes.io/docs/concepts/security/service-accounts/#get-a-token',
  ],
  only: ['cluster'],
  needs: [...WORKLOAD_FACTS, 'secrets', 'observedAt'],
  evaluate: (facts) =>
    orNotApplicable(
      [
        ...tokensUsed(facts, facts.secrets).map(([secret, token]) => judge(secret, token, facts.observedAt)),
        ...facts.secrets
          .filter(({ object }) => object.type === NEVER_EXPIRES)
          .map((secret) =>
            judgeEndless(
              secret,
              workloadsOf(facts).find((workload) => takes(workload, secret)),
            ),
          ),
      ],
      'No Secret that is used holds a token that says when it ends.',
    ),
});

type Secrets = readonly Resource<Secret>[];

/** The tokens among the keys that workloads take, each once. */
function tokensUsed(facts: WorkloadFacts, secrets: Secrets): readonly (readonly [Resource<Secret>, TokenShape])[] {
  const used = new Map<string, readonly [Resource<Secret>, TokenShape]>();
  for (const workload of workloadsOf(facts))
    for (const { kind, name, key } of referencesOf(workload)) {
      const secret = kind === 'Secret' ? findByName(secrets, name, workload.resource.object) : undefined;
      for (const token of secret?.object.tokens ?? [])
        if (secret !== undefined && (key === undefined || key === token.key))
          used.set(`${secret.ref} key ${token.key}`, [secret, token]);
    }
  return [...used.values()];
}

function judge({ object, ref, locate }: Resource<Secret>, { key, expiresAt }: TokenShape, observedAt: string): Verdict {
  const about = { subject: `${ref} key ${key}`, where: locate(['data', key]), observed: `ends at ${expiresAt}` };
  const hoursLeft = hoursBetween(observedAt, expiresAt) ?? Number.NEGATIVE_INFINITY;
  const expected = `at least ${MIN_DAYS} days left`;
  if (hoursLeft <= 0)
    return { outcome: 'fail', ...about, message: `The token ended ${formatHours(-hoursLeft)} ago.`, expected };
  const owner = (object.metadata?.ownerReferences ?? []).find(({ kind }) => kind !== RENEWS_NOTHING);
  if (owner !== undefined)
    return {
      outcome: 'pass',
      ...about,
      message: `The token is good, and ${owner.kind} ${owner.name} keeps the Secret.`,
    };
  if (hoursLeft < MIN_DAYS * 24)
    return {
      outcome: 'fail',
      ...about,
      severity: 'warning',
      message: `The token ends in ${formatHours(hoursLeft)}, and nothing that is known here renews it.`,
      expected,
    };
  return { outcome: 'pass', ...about, message: 'The token is good for a while.' };
}

/** A platform makes such Secrets by itself at times, so what no workload takes is a note. */
function judgeEndless({ object, ref: subject, locate }: Resource<Secret>, taker: Workload | undefined): Verdict {
  return {
    outcome: 'fail',
    severity: taker === undefined ? 'note' : 'warning',
    subject,
    message: 'The Secret holds a token of a service account that never ends.',
    where: locate(['type']),
    observed: `type ${object.type}, ${taker === undefined ? 'which no workload takes' : `which ${taker.resource.ref} takes`}`,
    expected: 'tokens that end, and are renewed',
    fix: 'Let pods take a projected serviceAccountToken, which the kubelet renews, and others one of kubectl create token; then delete the Secret.',
  };
}

function takes(workload: Workload, secret: Resource<Secret>): boolean {
  return referencesOf(workload).some(
    ({ kind, name }) => kind === 'Secret' && findByName([secret], name, workload.resource.object) !== undefined,
  );
}
