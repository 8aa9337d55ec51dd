import { type FieldNode, type GraphQLField, getArgumentValues } from 'graphql';
import { decodeId, type IdKind } from '../ids.js';
import { type RequestValues, type Sql, slot } from './slot.js';

type Values = Readonly<Record<string, unknown>>;

/**
 * The arguments of a field, for composing: which of them are given (a statement is composed for that), and SQL that
 * takes their values from each request (never from the one it was composed for).
 */
export class FieldArguments {
  readonly #present: Values;
  readonly #read: (variables: Values) => Values;
  readonly #path: readonly string[];

  /** @param variables those of the request being composed for; of them only what is given and what is not is used */
  static of(field: GraphQLField<unknown, unknown>, node: FieldNode, variables: Values): FieldArguments {
    if (field.args.length === 0) return FieldArguments.none;
    const read = remembering((values) => getArgumentValues(field, node, values));
    return new FieldArguments(read(variables), read, []);
  }

  static readonly none = new FieldArguments({}, () => ({}), []);

  private constructor(present: Values, read: (variables: Values) => Values, path: readonly string[]) {
    this.#present = present;
    this.#read = read;
    this.#path = path;
  }

  /** Is it given, and not null? */
  has(name: string): boolean {
    return this.#present[name] != null;
  }

  /** The arguments within an input object; none of them is given when the object is not. */
  within(name: string): FieldArguments {
    const inner = this.#present[name];
    if (typeof inner !== 'object' || inner === null) return FieldArguments.none;
    const read = (variables: Values) => asValues(this.#read(variables)[name]);
    return new FieldArguments(asValues(inner), read, [...this.#path, name]);
  }

  /**
   * The value itself, for what a statement is composed for: only of booleans, of integers that are variables of their
   * own, which are part of the shape of variables (`shapeOf`), and of the argument that a read is shaped by.
   */
  shaped(name: string): unknown {
    return this.#present[name];
  }

  /** The value, as SQL of this type. */
  value(name: string, type: string, read: (value: unknown) => unknown = (value) => value): Sql {
    return slot(type, ({ variables }: RequestValues<unknown>) => read(this.#read(variables)[name]));
  }

  /** An id of the API, as the database's. A text that is no such id is refused when the statement is run. */
  id(name: string, kind: IdKind): Sql {
    const path = [...this.#path, name];
    return this.value(name, 'uuid', (text) => decodeId(kind, String(text), path));
  }

  /** A list of texts that anybody wrote, as SQL of type text[]. */
  texts(name: string, read: (values: unknown) => readonly string[]): Sql {
    return this.value(name, 'text[]', (values) => {
      const quoted = read(values).map((text) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`);
      return `{${quoted.join(',')}}`;
    });
  }

  /** A list of enum values, as SQL of type text[]. */
  words(name: string): Sql {
    return this.value(name, 'text[]', (words) => (Array.isArray(words) ? `{${words.join(',')}}` : '{}'));
  }

  /** All arguments of one request. */
  all(request: RequestValues<unknown>): Values {
    return this.#read(request.variables);
  }
}

/** Several slots of a field take their values from one request; its arguments are coerced once. */
function remembering(read: (variables: Values) => Values): (variables: Values) => Values {
  const known = new WeakMap<Values, Values>();
  return (variables) => {
    const earlier = known.get(variables);
    if (earlier) return earlier;
    const values = read(variables);
    known.set(variables, values);
    return values;
  };
}

function asValues(value: unknown): Values {
  return typeof value === 'object' && value !== null ? (value as Values) : {};
}
