import { defineCheck, type Verdict } from '../../../core/check.ts';
import { formatPath, type Path } from '../../../core/location.ts';
import type { Container } from '../../../core/objects.ts';
import { credentialsInWords } from '../../../kubernetes/command-line.ts';
import { credentialIn } from '../../../kubernetes/credential.ts';
import { containersOf, WORKLOAD_FACTS, type WorkloadContainer, workloadsOf } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';

export const credentialInEnvCheck = defineCheck({
  id: 'secrets/credential-in-env',
  title: 'No container is given a credential in plain text',
  severity: 'error',
  why: 'A credential in a manifest is in git, in every diff, and readable by whoever may read workloads; a Secret is guarded and can be rotated.',
  how: "Every literal env value and every word of the command, of the probes and of the hooks is judged by its name and its form together: providers' key formats, PEM keys, signed tokens, passwords in URLs, and names that end in password, token, secret or api key. Paths, numbers, switches and values composed of $(OTHER) variables are no credentials; MAX_TOKENS is a count.",
  fix: 'Move the value into a Secret and take it with valueFrom.secretKeyRef; then change the credential, since it was readable.',
  verify:
    'kubectl get deployment NAME -o jsonpath=\'{range .spec.template.spec.containers[*].env[*]}{.name}{"\\n"}{end}\'',
  references: [
    'https://kubernetes.io/docs/concepts/configuration/secret/',
    'https://kubernetes.io/docs/concepts/security/secrets-good-practices/',
  ],
  needs: WORKLOAD_FACTS,
  evaluate: (facts, { notCredentials }) =>
    orNotApplicable(
      workloadsOf(facts)
        .flatMap(containersOf)
        .flatMap((container) => judge(container, notCredentials)),
      'There is no workload.',
    ),
});

function judge(container: WorkloadContainer, notCredentials: readonly string[]): readonly Verdict[] {
  const found = [...inEnv(container, notCredentials), ...inArguments(container)];
  if (found.length > 0) return found;
  return [{ outcome: 'pass', subject: container.subject, message: 'No value in plain text looks like a credential.' }];
}

function inEnv(
  { container, path, subject, workload }: WorkloadContainer,
  notCredentials: readonly string[],
): readonly Verdict[] {
  return (container.env ?? []).flatMap(({ name = '', value }, index) => {
    const what = typeof value === 'string' && !notCredentials.includes(name) ? credentialIn(name, value) : undefined;
    if (what === undefined) return [];
    return [
      {
        outcome: 'fail',
        subject: `${subject} env ${name}`,
        message: `The variable ${name} holds ${what}, in plain text.`,
        where: workload.resource.locate([...path, 'env', index, 'value']),
        observed: `${what} (not shown)`,
        expected: 'valueFrom.secretKeyRef',
      },
    ];
  });
}

function inArguments({ container, path, subject, workload }: WorkloadContainer): readonly Verdict[] {
  return commandLines(container).flatMap(({ at, words }) =>
    credentialsInWords(words).map(({ index, what }) => ({
      outcome: 'fail' as const,
      subject: `${subject} ${formatPath(at)} ${index}`,
      message: `The command line holds ${what}, where everybody on the node can read it.`,
      where: workload.resource.locate([...path, ...at, index]),
      observed: `${what} (not shown)`,
      expected: 'a variable from a Secret',
    })),
  );
}

/** Everything that a container runs: its own command, and those of its probes and hooks. */
function commandLines(container: Container): readonly { readonly at: Path; readonly words: readonly string[] }[] {
  const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
  return [
    { at: ['command'], words: container.command ?? [] },
    { at: ['args'], words: container.args ?? [] },
    ...Object.entries({ livenessProbe, readinessProbe, startupProbe }).map(([field, probe]) => ({
      at: [field, 'exec', 'command'],
      words: probe?.exec?.command ?? [],
    })),
    { at: ['lifecycle', 'preStop', 'exec', 'command'], words: lifecycle?.preStop?.exec?.command ?? [] },
  ];
}
