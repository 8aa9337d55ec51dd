import type { Work } from '../doorway/command.js';
import type { EventName, EventPayload } from '../events/catalogue.js';
import type { EventDraft } from '../events/recorder.js';
import { encodeId } from '../platform/ids.js';
import type { AccessGrant } from './grant.entity.js';

type GrantEvent = Extract<EventName, `grant.${string}` | `named_user.${string}` | `recertification.${string}`>;

/** What of a grant every event of it says. */
export type GrantInEvent = Pick<
  AccessGrant,
  'id' | 'reference' | 'applicationId' | 'organizationId' | 'productCode' | 'status'
>;

/** Reports an event of a grant, or of what belongs to one, which then is its subject; what all of them say is filled in. */
export function recordGrantEvent<Name extends GrantEvent>(
  work: Work,
  grant: GrantInEvent,
  event: Name,
  particulars: Omit<EventPayload<Name>, 'grantId' | 'reference' | 'applicationId' | 'productCode' | 'status'>,
  subject: EventDraft['subject'] = { kind: 'grant', id: grant.id },
): void {
  work.record({
    event,
    // The compiler cannot put a generic payload together from its two parts.
    payload: {
      grantId: encodeId('grant', grant.id),
      reference: grant.reference,
      applicationId: encodeId('application', grant.applicationId),
      productCode: grant.productCode,
      status: grant.status,
      ...particulars,
    } as unknown as EventPayload<Name>,
    subject,
    organizationId: grant.organizationId,
    applicationId: grant.applicationId,
  });
}
