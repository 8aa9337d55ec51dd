interface DescribedEnum<Name extends string> {
  readonly values: { readonly [Key in Name]: Key };
  readonly config: {
    readonly name: string;
    readonly description: string;
    readonly valuesConfig: { readonly [Key in Name]: { readonly description: string } };
  };
}

/** An enum for GraphQL from a list of values with what each means; hand `values` and `config` to registerEnumType. */
export function describedEnum<Name extends string>(
  name: string,
  description: string,
  meanings: Readonly<Record<Name, string>>,
): DescribedEnum<Name> {
  const names = Object.keys(meanings) as Name[];
  return {
    values: Object.fromEntries(names.map((key) => [key, key])) as { [Key in Name]: Key },
    config: {
      name,
      description,
      valuesConfig: Object.fromEntries(names.map((key) => [key, { description: meanings[key] }])) as {
        [Key in Name]: { description: string };
      },
    },
  };
}
