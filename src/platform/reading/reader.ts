import type { GraphQLResolveInfo } from 'graphql';
import type { PreparedReading, Read, Readings } from './readings.js';
import { askedBy, askedWithin } from './selection.js';

/** Reads for one viewer what resolvers are asked for. */
export class Reader<Eyes, Viewer> {
  readonly viewer: Viewer;
  readonly readings: Readings<Eyes, Viewer>;

  constructor(readings: Readings<Eyes, Viewer>, viewer: Viewer) {
    this.readings = readings;
    this.viewer = viewer;
  }

  /** The same for another viewer, such as one who has just signed in or joined. */
  as(viewer: Viewer): Reader<Eyes, Viewer> {
    return new Reader(this.readings, viewer);
  }

  /** Answers the running resolver's field, whose arguments the read knows. */
  field(read: Read<Eyes, Viewer>, info: GraphQLResolveInfo): Promise<unknown> {
    return this.readings.value(read, this.viewer, askedBy(info));
  }

  /** The object with this id, for what is asked of it by a field within the answer, such as in a mutation's payload. */
  object(read: Read<Eyes, Viewer>, id: string, info: GraphQLResolveInfo, ...path: string[]): Promise<unknown> {
    return this.readings.value(read, this.viewer, path.reduce(askedWithin, askedBy(info)), { id });
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
    return this.readings.value(read, this.viewer, askedBy(info, type), { id });
  }
}
