/** The words for a count in each form of a language; `#` stands for the number. */
export type Forms<Form extends Intl.LDMLPluralRule> = Readonly<Record<Form, string>>;

/**
 * Says counts in a language: chooses the form by that language's plural rules and writes the number as it does. A
 * language file names the forms that its language has, and leaving one out fails the type check.
 */
export function counter<Form extends Intl.LDMLPluralRule>(language: string, other: Form) {
  // What a browser knows of a language takes it tens of milliseconds to load: not before a count is said.
  let rules: Intl.PluralRules | undefined;
  let numbers: Intl.NumberFormat | undefined;
  return (count: number, forms: Forms<Form>): string => {
    rules ??= new Intl.PluralRules(language);
    const known: Readonly<Partial<Record<string, string>>> = forms;
    const words = known[rules.select(count)] ?? forms[other];
    if (!words.includes('#')) return words;
    numbers ??= new Intl.NumberFormat(language);
    return words.replaceAll('#', numbers.format(count));
  };
}
