import { sql } from 'kysely';
import { type Actor, organizationsOf, personOf, seesEveryGrant, seesEveryOrganization } from '../lifecycle/actor.js';
import type { ProjectedField as AnyField, Projection as AnyProjection } from '../platform/reading/projection.js';
import type { Read as AnyRead, Sight } from '../platform/reading/readings.js';
import { type RequestValues, type Sql, slot } from '../platform/reading/slot.js';

/** Whose eyes a reading is for, and when. */
export interface Viewer {
  readonly actor: Actor;
  readonly now: Date;
}

/**
 * What kind of viewer a statement is composed for, and, as SQL, what differs among viewers of that kind. There is no
 * way from here to one viewer's own ids, so none can get into a statement that others use.
 */
export interface Eyes {
  readonly isSignedIn: boolean;
  readonly isPerson: boolean;
  /** Staff in any role, and machines of the operator that may read. */
  readonly seesEveryOrganization: boolean;
  /** Those, and provisioning systems. */
  readonly seesEveryGrant: boolean;
  /** Administrators and auditors, who see keys, endpoints and the audit log of everybody. */
  readonly seesAdministration: boolean;
  /**
   * In SQL: does the viewer belong to this organization, or act for it? Most belong to one or to none, and are spared
   * what looks for several.
   */
  belongsTo(organizationId: Sql): Sql;
  /** Those of them that the viewer is an owner of: uuid[]. */
  readonly owned: Sql;
  /** Null in SQL for whoever has none. */
  readonly personId: Sql;
  readonly staffId: Sql;
  /** The roles held among the operator's staff: text[]; empty for whoever is none. */
  readonly staffRoles: Sql;
  readonly keyId: Sql;
  readonly now: Sql;
}

export type Projection = AnyProjection<Eyes, Viewer>;
export type ProjectedField = AnyField<Eyes, Viewer>;
export type Read = AnyRead<Eyes, Viewer>;

const fromViewer = (type: string, find: (viewer: Viewer) => unknown): Sql =>
  slot(type, ({ viewer }: RequestValues<Viewer>) => find(viewer));

const arrayOf = (ids: readonly string[]): string => `{${ids.join(',')}}`;

/** The same for every viewer, so that a statement which uses one of them often has it as one parameter. */
const values = {
  owned: fromViewer('uuid[]', ({ actor }) => arrayOf(ownedBy(actor))),
  personId: fromViewer('uuid', ({ actor }) => personOf(actor)),
  staffId: fromViewer('uuid', ({ actor }) => (actor.kind === 'PERSON' ? actor.staffId : null)),
  staffRoles: fromViewer('text[]', ({ actor }) => arrayOf(actor.kind === 'PERSON' ? actor.staffRoles : [])),
  keyId: fromViewer('uuid', ({ actor }) => (actor.kind === 'MACHINE' ? actor.keyId : null)),
  now: fromViewer('timestamptz', ({ now }) => now.toISOString()),
};

type Belonging = 'nowhere' | 'in one' | 'in several';

const theOne = fromViewer('uuid', ({ actor }) => organizationsOf(actor)[0]);
const theSeveral = fromViewer('uuid[]', ({ actor }) => arrayOf(organizationsOf(actor)));

const belongsTo: Readonly<Record<Belonging, Eyes['belongsTo']>> = {
  nowhere: () => sql`false`,
  'in one': (organizationId) => sql`${organizationId} = ${theOne}`,
  'in several': (organizationId) => sql`${organizationId} = any(${theSeveral})`,
};

function belonging(actor: Actor): Belonging {
  const { length } = organizationsOf(actor);
  return length === 0 ? 'nowhere' : length === 1 ? 'in one' : 'in several';
}

/** How viewers are told apart for reading. */
export const sight: Sight<Eyes, Viewer> = {
  kindOf: ({ actor }) => {
    const flags = [seesEveryOrganization(actor), seesEveryGrant(actor), seesAdministration(actor)];
    return `${actor.kind}${flags.map(Number).join('')} ${belonging(actor)}`;
  },
  eyesOf: ({ actor }) => ({
    isSignedIn: actor.kind !== 'ANONYMOUS',
    isPerson: actor.kind === 'PERSON',
    seesEveryOrganization: seesEveryOrganization(actor),
    seesEveryGrant: seesEveryGrant(actor),
    seesAdministration: seesAdministration(actor),
    belongsTo: belongsTo[belonging(actor)],
    ...values,
  }),
};

function ownedBy(actor: Actor): readonly string[] {
  if (actor.kind !== 'PERSON') return [];
  return actor.memberships.filter(({ role }) => role === 'OWNER').map(({ organizationId }) => organizationId);
}

/** Administrators and auditors, and machines of the operator that may read. */
export function seesAdministration(actor: Actor): boolean {
  if (actor.kind !== 'PERSON') return seesEveryOrganization(actor);
  return actor.staffRoles.some((role) => role === 'ADMIN' || role === 'AUDITOR');
}
