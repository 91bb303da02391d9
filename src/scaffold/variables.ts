/** What templates may name. */
export type Variables = Readonly<Record<string, string | number>>;

/** Puts values in place of `${name}`. A text that is nothing but one variable takes the value's own type. */
export function substitute(text: string, variables: Variables, template: string): string | number {
  const whole = /^\$\{(\w+)\}$/.exec(text)?.[1];
  if (whole !== undefined) return valueOfVariable(whole, variables, template);
  return text.replace(/\$\{(\w+)\}/g, (_, name: string) => String(valueOfVariable(name, variables, template)));
}

function valueOfVariable(name: string, variables: Variables, template: string): string | number {
  const value = variables[name];
  if (value === undefined) throw new Error(`the template ${template} names ${name}, which nobody gives`);
  return value;
}
