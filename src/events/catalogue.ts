import { administrationEvents } from './administration-events.js';
import { applicationEvents } from './application-events.js';
import { bulkEvents } from './bulk-events.js';
import { correspondenceEvents } from './correspondence-events.js';
import { decisionEvents } from './decision-events.js';
import { documentEvents } from './document-events.js';
import type { EventDefinition } from './event-definition.js';
import { flagEvents } from './flag-events.js';
import { grantEvents } from './grant-events.js';
import { informationRequestEvents } from './information-request-events.js';
import { organizationEvents } from './organization-events.js';
import { provisioningEvents } from './provisioning-events.js';
import { releaseEvents } from './release-events.js';
import { screeningEvents } from './screening-events.js';
import { standardTextEvents } from './standard-text-events.js';
import { termsEvents } from './terms-events.js';

export type { EventDefinition } from './event-definition.js';

/**
 * Every event that can happen. An event is recorded in the audit log, and, by its audience, shown on the partner's
 * timeline and sent to webhook endpoints. Payloads are thin: whoever hears of an event reads the rest through the API.
 * A payload's fields are never removed or given another meaning; that takes a new version.
 */
export const eventCatalogue = {
  ...organizationEvents,
  ...applicationEvents,
  ...decisionEvents,
  ...documentEvents,
  ...correspondenceEvents,
  ...informationRequestEvents,
  ...grantEvents,
  ...provisioningEvents,
  ...releaseEvents,
  ...termsEvents,
  ...screeningEvents,
  ...bulkEvents,
  ...flagEvents,
  ...standardTextEvents,
  ...administrationEvents,
} as const satisfies Record<string, EventDefinition>;

export type EventName = keyof typeof eventCatalogue;
export const allEventNames = Object.keys(eventCatalogue) as EventName[];

type FieldValue<Field> = Field extends { type: 'integer' }
  ? Field extends { nullable: true }
    ? number | null
    : number
  : Field extends { type: 'boolean' }
    ? boolean
    : Field extends { type: 'strings' }
      ? readonly string[]
      : Field extends { nullable: true }
        ? string | null
        : string;

/** What an event of this name says. */
export type EventPayload<Name extends EventName> = {
  readonly [Field in keyof (typeof eventCatalogue)[Name]['payload']]: FieldValue<
    (typeof eventCatalogue)[Name]['payload'][Field]
  >;
};

export function eventDefinition(name: EventName): EventDefinition {
  return eventCatalogue[name];
}

export function isEventName(text: string): text is EventName {
  return Object.hasOwn(eventCatalogue, text);
}
