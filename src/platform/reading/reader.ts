import type { GraphQLResolveInfo } from 'graphql';
import type { Answering } from '../database/database.js';
import type { PreparedReading, Read, Readings } from './readings.js';
import { type AskedField, askedBy, askedWithin } from './selection.js';

/** Reads for one viewer what resolvers are asked for. */
export class Reader<Eyes, Viewer> {
  readonly viewer: Viewer;
  readonly readings: Readings<Eyes, Viewer>;
  readonly #from: Answering;

  /** @param from where queries are read, when that is not the database itself; what mutations answer never is */
  constructor(readings: Readings<Eyes, Viewer>, viewer: Viewer, from: Answering = readings.database) {
    this.readings = readings;
    this.viewer = viewer;
    this.#from = from;
  }

  /** The answer of a query's field as it is sent; null when it must be taken apart. */
  text(read: Read<Eyes, Viewer>, asked: AskedField): Promise<string | null> {
    return this.readings.text(read, this.viewer, asked, this.#from);
  }

  /** The same for another viewer, such as one who has just signed in or joined. */
  as(viewer: Viewer): Reader<Eyes, Viewer> {
    return new Reader(this.readings, viewer);
  }

  /** Answers the running resolver's field, whose arguments the read knows. */
  field(read: Read<Eyes, Viewer>, info: GraphQLResolveInfo): Promise<unknown> {
    return this.readings.value(read, this.viewer, askedBy(info), {}, this.#source(info));
  }

  /** Answers the running resolver's field by a read that names values, which are given here. */
  given(
    read: Read<Eyes, Viewer>,
    values: Readonly<Record<string, unknown>>,
    info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return this.readings.value(read, this.viewer, askedBy(info), values, this.#source(info));
  }

  /** The object with this id, for what is asked of it by a field within the answer, such as in a mutation's payload. */
  object(read: Read<Eyes, Viewer>, id: string, info: GraphQLResolveInfo, ...path: string[]): Promise<unknown> {
    const asked = path.reduce(askedWithin, askedBy(info));
    return this.readings.value(read, this.viewer, asked, { id }, this.#source(info));
  }

  /** What must be asked of the database for the same, before the command that changes the object is given. */
  prepared(read: Read<Eyes, Viewer>, id: string, info: GraphQLResolveInfo, ...path: string[]): PreparedReading {
    return this.readings.prepared(read, this.viewer, path.reduce(askedWithin, askedBy(info)), { id });
  }

  /**
   * Looks at what is asked of the object that a command is about to change, before it is changed: a page that cannot be
   * must be refused while nothing has been done.
   * @throws Refusal INVALID or INVALID_ID for arguments that the reading could not be run with
   */
  check(read: Read<Eyes, Viewer>, info: GraphQLResolveInfo, ...path: string[]): void {
    this.readings.check(read, this.viewer, path.reduce(askedWithin, askedBy(info)));
  }

  /** The object with this id as one of the types that the running resolver's interface stands for. */
  objectOfType(read: Read<Eyes, Viewer>, id: string, info: GraphQLResolveInfo, type: string): Promise<unknown> {
    return this.readings.value(read, this.viewer, askedBy(info, type), { id }, this.#source(info));
  }

  /** What a mutation answers is what it has just done. */
  #source({ operation }: GraphQLResolveInfo): Answering {
    return operation.operation === 'query' ? this.#from : this.readings.database;
  }
}
