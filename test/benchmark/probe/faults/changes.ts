import type { Family, Sample } from '../metrics.ts';
import type { Answer, Part, Service } from '../service.ts';

/** Changes the answer of a part that answers at once. */
export function changing(part: Part, change: (answer: Answer) => Answer): Part {
  return (asked, counts, service) => {
    const answer = part(asked, counts, service);
    return typeof answer === 'string' ? answer : change(answer);
  };
}

export function withHeaders(part: Part, headers: Readonly<Record<string, string>>): Part {
  return changing(part, (answer) => ({ ...answer, headers: { ...answer.headers, ...headers } }));
}

/** Changes the answers to questions that are answered well. */
export const onSuccess =
  (change: (answer: Answer) => ReturnType<Part>) =>
  (base: Service): Service => ({
    ...base,
    ask: (asked, counts, service) => {
      const given = base.ask(asked, counts, service);
      return typeof given !== 'string' && given.status === 200 ? change(given) : given;
    },
  });

/** Changes one family; without a result it is left out. */
export function family(name: string, change: (family: Family) => Family | readonly Family[]) {
  return (base: Service): Service => ({
    ...base,
    families: (counts) => base.families(counts).flatMap((each) => (each.name === name ? change(each) : each)),
  });
}

export function samples(name: string, change: (samples: readonly Sample[]) => readonly Sample[]) {
  return family(name, (each) => ({ ...each, samples: change(each.samples) }));
}

export function more(...families: readonly Family[]) {
  return (base: Service): Service => ({ ...base, families: (counts) => [...base.families(counts), ...families] });
}

export const gauge = (name: string, labels: Readonly<Record<string, string>> = {}, value = 1): Family => ({
  name,
  type: 'gauge',
  help: 'One more.',
  samples: [{ suffix: '', labels, value }],
});
