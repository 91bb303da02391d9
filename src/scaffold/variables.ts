/** What templates may name. */
export type Variables = Readonly<Record<string, string | number | boolean>>;

/**
 * Fills a template that is no YAML. Lines between `qna:if name` and `qna:end`, each in a comment of the file's own kind on a
 * line of its own, are kept only where that variable holds.
 */
export function substituteText(text: string, variables: Variables, template: string): string {
  const open: boolean[] = [];
  const kept = text.split('\n').filter((line) => {
    const condition = /^\s*(?:#|<!--) qna:if (\w+)(?: -->)?$/.exec(line)?.[1];
    if (condition !== undefined) {
      const value = valueNamed(condition, variables, template);
      open.push(value !== false && value !== '');
      return false;
    }
    if (/^\s*(?:#|<!--) qna:end(?: -->)?$/.test(line)) {
      if (open.pop() === undefined) throw new Error(`The template ${template} ends a condition that it never began.`);
      return false;
    }
    return open.every(Boolean);
  });
  if (open.length > 0) throw new Error(`The template ${template} leaves a condition open.`);
  return substitute(kept.join('\n'), variables, template);
}

/** Puts values in place of `${name}`, each as `written`. A name that nobody gives is a fault of the template. */
export function substitute(
  text: string,
  variables: Variables,
  template: string,
  written: (value: Variables[string]) => string = String,
): string {
  return text.replace(/\$\{(\w+)\}/g, (_, name: string) => written(valueNamed(name, variables, template)));
}

/** As `substitute`, but a text that is one variable and nothing else takes the type of its value. */
export function substituteTyped(text: string, variables: Variables, template: string): Variables[string] {
  const whole = /^\$\{(\w+)\}$/.exec(text)?.[1];
  return whole === undefined ? substitute(text, variables, template) : valueNamed(whole, variables, template);
}

/** The names that a template uses, in its values and in its conditions. */
export function variablesOf(template: string): ReadonlySet<string> {
  return new Set(
    [...template.matchAll(/\$\{(\w+)\}|^\s*(?:#|<!--) qna:if (\w+)(?: -->)?$/gm)].map(
      (match) => match[1] ?? match[2] ?? '',
    ),
  );
}

export function valueNamed(name: string, variables: Variables, template: string): Variables[string] {
  const value = variables[name];
  if (value === undefined) throw new Error(`The template ${template} names ${name}, which nobody gives.`);
  return value;
}
