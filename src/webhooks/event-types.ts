import { allEventNames, eventDefinition, isEventName } from '../events/catalogue.js';
import { editDistance } from '../platform/edit-distance.js';
import { type Problem, Refusal } from '../platform/errors.js';

/** Every event that is sent to endpoints. */
export const deliveredEvents = allEventNames.filter((name) => eventDefinition(name).delivered);

/**
 * The event types an endpoint asks for, each once; an empty list means all.
 * @throws Refusal INVALID for each that does not exist or is never sent to such an endpoint
 */
export function requireEventTypes(names: readonly string[], owner: 'PARTNER' | 'OPERATOR', path: string): string[] {
  const problems: Problem[] = names.flatMap((name, position) => {
    const message = objectionTo(name, owner);
    return message === null ? [] : [{ code: 'INVALID', message, path: [path, String(position)] }];
  });
  if (problems.length > 0) throw new Refusal(problems);
  return [...new Set(names)];
}

function objectionTo(name: string, owner: 'PARTNER' | 'OPERATOR'): string | null {
  if (!isEventName(name)) {
    const near = eventsNear(name);
    const hint = near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'The query `eventCatalogue` lists them all.';
    return `There is no event type "${name.slice(0, 60)}". ${hint}`;
  }
  const { delivered, audience } = eventDefinition(name);
  if (!delivered) return `"${name}" is only kept in the audit log and not sent to endpoints.`;
  if (owner === 'PARTNER' && audience === 'STAFF') return `"${name}" is only sent to the operator's own endpoints.`;
  return null;
}

/** The delivered events with the most similar names, at most three. */
function eventsNear(name: string): string[] {
  const wanted = name.slice(0, 60).toLowerCase();
  return deliveredEvents
    .map((event) => ({ event, distance: editDistance(wanted, event) }))
    .filter(({ event, distance }) => distance <= Math.max(3, event.length / 3))
    .sort((one, other) => one.distance - other.distance)
    .slice(0, 3)
    .map(({ event }) => event);
}
