import { CompiledQuery, sql } from 'kysely';
import type { Answering, Database } from '../database/database.js';
import type { FieldArguments } from './arguments.js';
import type { Composed } from './composed.js';
import type { Ways } from './connection-sql.js';
import { KnownPlans, type Plan, planOf, runPlan, shapeOf, valuesOf } from './plan.js';
import { newestFirst, type Order, type Projection } from './projection.js';
import type { AskedField, SelectedField } from './selection.js';
import { given, type Row, type Sql } from './slot.js';
import { StatementComposer } from './statement.js';
import { receive } from './transit.js';

/** Something that can be asked for: an object, a list or a connection of a projection's rows. */
export interface Read<Eyes, Viewer> {
  readonly kind: 'one' | 'list' | 'connection';
  readonly of: () => Projection<Eyes, Viewer>;
  /** Which of the rows that the viewer may see. Values of the request are slots here, as everywhere. */
  where(row: Row, args: FieldArguments, eyes: Eyes): Sql;
  /** Newest first when it is not said. */
  readonly order?: Order | ((args: FieldArguments, eyes: Eyes) => Order);
  /** Of a connection: two ways of finding its rows, when neither is always the better one. */
  readonly ways?: (row: Row, args: FieldArguments, eyes: Eyes) => Ways | null;
  /** An argument, of an enum, that the statement is composed for: each of its values has a statement of its own. */
  readonly shapedBy?: string;
  /** Viewers who are answered null, whatever there is. */
  readonly nullFor?: (eyes: Eyes) => boolean;
}

/** How viewers are told apart, for composing and for running. */
export interface Sight<Eyes, Viewer> {
  /** Viewers of one kind see with the same eyes. */
  kindOf(viewer: Viewer): string;
  eyesOf(viewer: Viewer): Eyes;
}

/** A question for the database, and what its answer says. */
export interface PreparedReading {
  readonly question: CompiledQuery;
  read(answer: string | null): unknown;
}

type Given = Readonly<Record<string, unknown>>;
const nothingGiven: Given = {};

/** Reads what queries ask for, each by one statement that was composed when its like was first asked. */
export class Readings<Eyes, Viewer> {
  /** Where everything is read that is not said to be read elsewhere. */
  readonly database: Database;
  readonly #sight: Sight<Eyes, Viewer>;
  readonly #plans = new KnownPlans<Plan<Viewer> | 'null'>();

  constructor(database: Database, sight: Sight<Eyes, Viewer>) {
    this.database = database;
    this.#sight = sight;
  }

  /** The answer as it is sent, when the database's text can be sent as it is; null when it must be taken apart. */
  async text(
    read: Read<Eyes, Viewer>,
    viewer: Viewer,
    asked: AskedField,
    from: Answering = this.database,
  ): Promise<string | null> {
    const plan = this.#plan(read, viewer, asked);
    if (plan === 'null') return 'null';
    if (plan.reading) return null;
    return (await runPlan(from, plan, { viewer, variables: asked.variables, given: nothingGiven })) ?? 'null';
  }

  /** The answer as a value. `given` are the values that the read names. */
  async value(
    read: Read<Eyes, Viewer>,
    viewer: Viewer,
    asked: AskedField,
    values: Given = nothingGiven,
    from: Answering = this.database,
  ): Promise<unknown> {
    const plan = this.#plan(read, viewer, asked);
    if (plan === 'null') return null;
    const text = await runPlan(from, plan, { viewer, variables: asked.variables, given: values });
    if (text === null) return null;
    return valueFrom(plan, text, viewer);
  }

  /**
   * What the database is to be asked for a value, to be asked by others, and how to read its answer.
   * @throws Refusal for arguments that the reading could not be run with
   */
  prepared(read: Read<Eyes, Viewer>, viewer: Viewer, asked: AskedField, values: Given): PreparedReading {
    const plan = this.#plan(read, viewer, asked);
    if (plan === 'null') return { question: CompiledQuery.raw('select null as answer'), read: () => null };
    const request = { viewer, variables: asked.variables, given: values };
    return {
      question: CompiledQuery.raw(plan.statement.text, valuesOf(plan, request)),
      read: (text) => (text === null ? null : valueFrom(plan, receive(text), viewer)),
    };
  }

  /** @throws Refusal for arguments that the reading could not be run with */
  check(read: Read<Eyes, Viewer>, viewer: Viewer, asked: AskedField): void {
    const plan = this.#plan(read, viewer, asked);
    if (plan !== 'null') valuesOf(plan, { viewer, variables: asked.variables, given: nothingGiven });
  }

  #plan(read: Read<Eyes, Viewer>, viewer: Viewer, asked: AskedField): Plan<Viewer> | 'null' {
    if (!asked.place) return this.#compose(read, viewer, asked.select());
    const shaped = read.shapedBy ? asked.variable(read.shapedBy) : '';
    const shape = `${this.#sight.kindOf(viewer)} ${asked.name} ${shaped} ${shapeOf(asked.variables)}`;
    return this.#plans.get(asked.place, shape, () => this.#compose(read, viewer, asked.select()));
  }

  #compose(read: Read<Eyes, Viewer>, viewer: Viewer, selected: SelectedField): Plan<Viewer> | 'null' {
    const eyes = this.#sight.eyesOf(viewer);
    if (read.nullFor?.(eyes)) return 'null';
    const composer = new StatementComposer<Eyes, Viewer>(eyes);
    return planOf(this.database, compose(composer, read, eyes, selected));
  }
}

function valueFrom<Viewer>(plan: Plan<Viewer>, text: string, viewer: Viewer): unknown {
  const value: unknown = JSON.parse(text);
  return plan.reading ? plan.reading(value, viewer) : value;
}

function compose<Eyes, Viewer>(
  composer: StatementComposer<Eyes, Viewer>,
  read: Read<Eyes, Viewer>,
  eyes: Eyes,
  selected: SelectedField,
): Composed<Viewer> {
  const projection = read.of();
  const { selection, args } = selected;
  const where = (row: Row) => read.where(row, args, eyes);
  const order = (typeof read.order === 'function' ? read.order(args, eyes) : read.order) ?? newestFirst;
  if (read.kind === 'one') return composer.one(projection, selection, where);
  if (read.kind === 'list') return composer.list(projection, selection, where, order);
  return composer.connection(projection, selected, where, order, (row) => read.ways?.(row, args, eyes) ?? null);
}

/** A read of the object whose id the reading code gives. */
export function byGivenId<Eyes, Viewer>(of: () => Projection<Eyes, Viewer>): Read<Eyes, Viewer> {
  return { kind: 'one', of, where: (row) => sql`${row('id')} = ${givenId}` };
}

const givenId = given('uuid', 'id');
