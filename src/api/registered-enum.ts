import { registerEnumType } from 'type-graphql';
import { describedEnum } from './described-enum.js';

/** An enum of the schema, from a list of values with what each means; answers its values. */
export function registeredEnum<Name extends string>(
  name: string,
  description: string,
  meanings: Readonly<Record<Name, string>>,
) {
  const { values, config } = describedEnum(name, description, meanings);
  registerEnumType(values, config);
  return values;
}
