import { registerEnumType } from 'type-graphql';

/** An enum of the schema, from a list of values with what each means. Answers its values, by which fields refer to it. */
export function registeredEnum<Name extends string>(
  name: string,
  description: string,
  meanings: Readonly<Record<Name, string>>,
): { readonly [Key in Name]: Key } {
  const names = Object.keys(meanings) as Name[];
  const values = Object.fromEntries(names.map((key) => [key, key])) as { [Key in Name]: Key };
  const described = Object.fromEntries(names.map((key) => [key, { description: meanings[key] }])) as {
    [Key in Name]: { description: string };
  };
  registerEnumType(values, { name, description, valuesConfig: described });
  return values;
}
