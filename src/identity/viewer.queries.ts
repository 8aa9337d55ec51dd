import type { Viewer as Eyes } from '../api/request.js';
import { encodeId } from '../platform/ids.js';
import type { ReadingContext, ReadObject } from '../platform/reading/reader.js';
import { asksFor, type Selection, selectionWithin } from '../platform/reading/selection.js';
import { readApiKey, readPerson } from './identity.queries.js';
import type { ViewerKind } from './identity.types.js';

/** Whoever asks, as they may know themselves. At most one statement: for the person or the key, when asked for. */
export async function readViewer(context: ReadingContext<Eyes>, selection: Selection): Promise<ReadObject> {
  const { actor } = context.viewer;
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
    const person = await readAsked(selection, 'person', (within) => readPerson(context, within, actor.personId));
    return { ...stranger, staffRoles, mustChangePassword, memberships, ...person };
  }
  if (actor.kind !== 'MACHINE') return stranger;
  const apiKey = await readAsked(selection, 'apiKey', (within) => readApiKey(context, within, actor.keyId));
  return { ...stranger, ...apiKey };
}

/** Reads a field once for each name the query gives it. */
async function readAsked(
  selection: Selection,
  name: string,
  read: (within: Selection) => Promise<ReadObject | null>,
): Promise<ReadObject> {
  if (!asksFor(selection, name)) return {};
  return { [name]: await read(selectionWithin(selection, name)) };
}
