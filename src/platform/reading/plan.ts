import { sql } from 'kysely';
import type { Answering, Database } from '../database/database.js';
import { type NamedStatement, namedStatement } from '../database/named-statement.js';
import type { Composed, Reading } from './composed.js';
import { type RequestValues, Slot } from './slot.js';
import { receive } from './transit.js';

/** A statement that was composed once and can be run for every request of the same shape and every viewer of one kind. */
export interface Plan<Viewer> {
  readonly statement: NamedStatement;
  readonly parameters: readonly Slot<Viewer>[];
  readonly reading: Reading<Viewer>;
}

/** Makes a statement of what was composed. A slot that stands in several places is one parameter. */
export function planOf<Viewer>(database: Database, composed: Composed<Viewer>): Plan<Viewer> {
  const compiled = sql`select (${composed.sql})::text as answer`.compile(database.kysely());
  const numbers = new Map<Slot<Viewer>, number>();
  const placed = compiled.parameters.map((parameter) => {
    if (!(parameter instanceof Slot)) {
      throw new Error(
        'A statement that is kept must hold no value of a request: use a slot, or sql.lit for a constant.',
      );
    }
    const known = numbers.get(parameter);
    if (known !== undefined) return known;
    numbers.set(parameter, numbers.size + 1);
    return numbers.size;
  });
  const text = compiled.sql.replaceAll(/\$(\d+)/g, (_all, number: string) => `$${placed[Number(number) - 1]}`);
  return {
    statement: namedStatement(typed(text, database)),
    parameters: [...numbers.keys()],
    reading: composed.reading,
  };
}

/**
 * Values travel as texts. A server reads a parameter as what it is declared to be, once, where a cast would be made anew
 * for each row; the embedded database's driver wants values of the declared type itself.
 */
function typed(text: string, { kind }: Database): string {
  return kind === 'postgresql' ? text.replaceAll(/(\$\d+)::text::/g, '$1::') : text;
}

/** The values of a plan's parameters for one request. @throws Refusal for an argument that cannot be */
export function valuesOf<Viewer>(plan: Plan<Viewer>, request: RequestValues<Viewer>): (string | null)[] {
  return plan.parameters.map((parameter) => parameter.find(request));
}

/** The answer's JSON as it is sent; null when there is none. */
export async function runPlan<Viewer>(
  from: Answering,
  plan: Plan<Viewer>,
  request: RequestValues<Viewer>,
): Promise<string | null> {
  const text = await from.answer(plan.statement, valuesOf(plan, request));
  return text === null ? null : receive(text);
}

/** How many plans one place in a document may have: kinds of viewers times shapes of variables. */
const plansOfOnePlace = 64;

/**
 * Plans by the place in a document they are for. Documents are parsed once and kept for as long as they are asked, so
 * their plans are, too. Beyond the limit plans are composed anew each time.
 */
export class KnownPlans<Value> {
  readonly #known = new WeakMap<object, Map<string, Value>>();

  get(place: object, shape: string, compose: () => Value): Value {
    const plans = this.#known.get(place) ?? new Map<string, Value>();
    const known = plans.get(shape);
    if (known !== undefined) return known;
    const composed = compose();
    if (plans.size < plansOfOnePlace) plans.set(shape, composed);
    this.#known.set(place, plans);
    return composed;
  }
}

/**
 * What of the variables a statement is composed for: which are given, booleans (they include and skip fields), and the
 * numbers among them (sizes of pages).
 */
export function shapeOf(variables: Readonly<Record<string, unknown>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}${typeof value === 'number' ? value : presence(value)}`)
    .join();
}

function presence(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (typeof value !== 'object' || Array.isArray(value) || value instanceof Date) return '+';
  const parts = Object.entries(value).map(([name, part]) => `${name}${presence(part)}`);
  return `{${parts.join()}}`;
}
