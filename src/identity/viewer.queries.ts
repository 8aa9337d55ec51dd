import type { GraphQLResolveInfo } from 'graphql';
import type { Viewer } from '../api/eyes.js';
import type { Reading } from '../api/request.js';
import type { Actor } from '../lifecycle/actor.js';
import type { StaffRole } from '../lifecycle/roles.js';
import { encodeId } from '../platform/ids.js';
import { askedBy, asks } from '../platform/reading/selection.js';
import { apiKeyById } from './identity.queries.js';
import { Person, type ViewerKind } from './identity.types.js';

/** Whoever asks, as they may know themselves. */
interface KnownViewer {
  readonly kind: ViewerKind;
  readonly person: Person | null;
  readonly staffRoles: readonly StaffRole[];
  readonly mustChangePassword: boolean;
  readonly memberships: readonly object[];
  readonly apiKey: object | null;
}

/** Of a person or a stranger everything is known with the credential; a machine's key must be read. */
export function knownOfViewer({ actor }: Viewer): KnownViewer | null {
  return actor.kind === 'PERSON' || actor.kind === 'ANONYMOUS' ? knownOf(actor) : null;
}

/**
 * Whoever asks. At most one statement: for the key, when it is asked for.
 * @param path where in the answer of the running resolver the viewer is
 */
export async function readViewer(reading: Reading, info: GraphQLResolveInfo, ...path: string[]): Promise<object> {
  const { actor } = reading.viewer;
  const known = knownOf(actor);
  if (actor.kind !== 'MACHINE' || !asks(askedBy(info), [...path, 'apiKey'])) return known;
  return { ...known, apiKey: await reading.object(apiKeyById, actor.keyId, info, ...path, 'apiKey') };
}

function knownOf(actor: Actor): KnownViewer {
  const kind: ViewerKind = actor.kind === 'SYSTEM' ? 'MACHINE' : actor.kind;
  const stranger = { kind, person: null, staffRoles: [], mustChangePassword: false, memberships: [], apiKey: null };
  if (actor.kind !== 'PERSON') return stranger;
  const { staffRoles, mustChangePassword } = actor;
  const memberships = actor.memberships.map(({ organizationId, role }) => ({
    organizationId: encodeId('organization', organizationId),
    role,
  }));
  // One's own name and address came with the credential; they need not be looked up again.
  const person = Object.assign(new Person(), {
    id: encodeId('person', actor.personId),
    name: actor.name,
    email: actor.email,
  });
  return { ...stranger, staffRoles, mustChangePassword, memberships, person };
}
