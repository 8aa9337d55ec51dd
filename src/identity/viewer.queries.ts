import type { GraphQLResolveInfo } from 'graphql';
import type { Reading } from '../api/request.js';
import { encodeId } from '../platform/ids.js';
import { askedBy, asks } from '../platform/reading/selection.js';
import { apiKeyById } from './identity.queries.js';
import { Person, type ViewerKind } from './identity.types.js';

/**
 * Whoever asks, as they may know themselves. At most one statement: for the key, when it is asked for.
 * @param path where in the answer of the running resolver the viewer is
 */
export async function readViewer(reading: Reading, info: GraphQLResolveInfo, ...path: string[]): Promise<object> {
  const { actor } = reading.viewer;
  const kind: ViewerKind = actor.kind === 'SYSTEM' ? 'MACHINE' : actor.kind;
  const stranger = {
    kind,
    person: null,
    staffRoles: [],
    mustChangePassword: false,
    memberships: [],
    apiKey: null,
  };
  if (actor.kind === 'PERSON') {
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
  if (actor.kind !== 'MACHINE' || !asks(askedBy(info), [...path, 'apiKey'])) return stranger;
  return { ...stranger, apiKey: await reading.object(apiKeyById, actor.keyId, info, ...path, 'apiKey') };
}
