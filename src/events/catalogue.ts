/**
 * Every event that can happen. An event is recorded in the audit log, and, by its audience, shown on the partner's
 * timeline and sent to webhook endpoints. Payloads are thin: whoever hears of an event reads the rest through the API.
 * A payload's fields are never removed or given another meaning; that takes a new version.
 */

interface PayloadField {
  readonly type: 'string' | 'integer' | 'strings';
  readonly nullable?: true;
  readonly description: string;
}

export interface EventDefinition {
  readonly version: number;
  /** PARTNER: on the partner's timeline and to the partner's endpoints too. STAFF: to the operator only. */
  readonly audience: 'PARTNER' | 'STAFF';
  /** Sent to webhook endpoints and told by e-mail; false for what only the audit log keeps. */
  readonly delivered: boolean;
  readonly happens: string;
  readonly payload: Readonly<Record<string, PayloadField>>;
}

const text = (description: string) => ({ type: 'string', description }) as const;
const maybe = (description: string) => ({ type: 'string', nullable: true, description }) as const;
const number = (description: string) => ({ type: 'integer', description }) as const;
const list = (description: string) => ({ type: 'strings', description }) as const;

const application = {
  applicationId: text('The application.'),
  reference: text('The application’s reference, as people quote it.'),
  status: text('Where the application stands now.'),
};
const grant = {
  grantId: text('The grant.'),
  reference: text('The grant’s reference, as people quote it.'),
  applicationId: text('The application it follows from.'),
  productCode: text('The product it lets in to.'),
  status: text('Where the grant stands now.'),
};
const document = {
  applicationId: text('The application it belongs to.'),
  documentId: text('The document.'),
  requirement: text('The key of what it is provided for.'),
};
const organization = { organizationId: text('The organization.') };
const endpoint = { endpointId: text('The endpoint.') };
const person = { personId: text('The person.') };
const staff = { staffId: text('The staff record.'), roles: list('The roles held now.') };
const program = { programId: text('The program.'), code: text('The program’s code.') };

export const eventCatalogue = {
  'organization.created': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'A partner organization was registered.',
    payload: organization,
  },
  'organization.member_invited': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'A colleague was invited.',
    payload: { ...organization, invitationId: text('The invitation.'), role: text('The role offered.') },
  },
  'organization.invitation_revoked': {
    version: 1,
    audience: 'PARTNER',
    delivered: false,
    happens: 'An invitation was taken back.',
    payload: { ...organization, invitationId: text('The invitation.') },
  },
  'organization.member_joined': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'An invited colleague joined.',
    payload: { ...organization, personId: text('Who joined.'), role: text('The role held.') },
  },
  'organization.member_role_changed': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'A member’s role was changed.',
    payload: { ...organization, personId: text('Whose role.'), role: text('The role held now.') },
  },
  'organization.member_removed': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'A member was removed.',
    payload: { ...organization, personId: text('Who was removed.') },
  },

  'application.started': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'A draft was started.',
    payload: application,
  },
  'application.draft_saved': {
    version: 1,
    audience: 'PARTNER',
    delivered: false,
    happens: 'Answers were saved.',
    payload: { ...application, changed: list('The questions whose answers changed.') },
  },
  'application.terms_accepted': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The terms were accepted for the organization.',
    payload: {
      ...application,
      termsId: text('The version of the terms.'),
      sha256: text('SHA-256 of the text accepted.'),
    },
  },
  'application.submitted': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The application, or a corrected revision, was submitted.',
    payload: { ...application, revision: number('The revision’s number, from 1.') },
  },
  'application.withdrawn': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The partner withdrew the application.',
    payload: { ...application, reason: maybe('Why, in the partner’s words.') },
  },
  'application.review_started': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'Staff took the application in.',
    payload: { ...application, stage: text('The first stage.') },
  },
  'application.stage_advanced': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The application moved on to the next stage.',
    payload: { ...application, fromStage: text('The stage left.'), stage: text('The stage entered.') },
  },
  'application.information_requested': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'Staff asked the partner a question.',
    payload: { ...application, informationRequestId: text('The request.'), dueAt: text('When an answer is due.') },
  },
  'application.information_provided': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The partner answered the question.',
    payload: { ...application, informationRequestId: text('The request.') },
  },
  'application.returned_for_correction': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'Staff returned the application for correction.',
    payload: { ...application, reason: text('What to correct.') },
  },
  'application.returned_without_action': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'Staff closed the application without deciding it.',
    payload: { ...application, reason: text('Why.') },
  },
  'application.assigned': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'The application was assigned, or released.',
    payload: { ...application, staffId: maybe('To whom; null when released.') },
  },
  'application.recommended': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A reviewer gave or changed a recommendation.',
    payload: { ...application, recommendationId: text('The recommendation.'), stage: text('At which stage.') },
  },
  'application.recused': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A member of staff declared that they cannot judge the organization.',
    payload: { ...application, personId: text('Who.') },
  },
  'application.decision_proposed': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A decision was proposed and waits for a countersignature.',
    payload: { ...application, decisionId: text('The decision.') },
  },
  'application.countersignature_declined': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A proposed decision was not countersigned.',
    payload: { ...application, decisionId: text('The decision.') },
  },
  'application.approved': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The application was approved, with or without conditions.',
    payload: {
      ...application,
      decisionId: text('The decision.'),
      grantId: text('The grant that follows.'),
      conditions: list('Conditions, in words; empty when there are none.'),
    },
  },
  'application.refused': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The application was refused.',
    payload: {
      ...application,
      decisionId: text('The decision.'),
      reasons: list('Reasons, in words.'),
      appealBefore: maybe('Until when the partner may appeal; null when the refusal is of an appeal, and final.'),
    },
  },
  'application.appealed': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The partner appealed against the refusal.',
    payload: { ...application, grounds: text('Why, in the partner’s words.') },
  },

  'document.upload_requested': {
    version: 1,
    audience: 'PARTNER',
    delivered: false,
    happens: 'An upload was announced.',
    payload: document,
  },
  'document.added': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'A document was received and found as announced.',
    payload: { ...document, sha256: text('SHA-256 of its bytes.') },
  },
  'document.removed': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'A document was taken out.',
    payload: document,
  },

  'grant.created': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'A grant was created; it cannot be used before it is provisioned.',
    payload: grant,
  },
  'grant.activated': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'Provisioning was acknowledged; the grant can be used.',
    payload: grant,
  },
  'grant.suspended': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The grant was suspended.',
    payload: { ...grant, reason: text('Why.') },
  },
  'grant.reinstated': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The grant was reinstated.',
    payload: { ...grant, reason: text('Why.') },
  },
  'grant.revoked': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The grant was revoked for good.',
    payload: { ...grant, reason: text('Why.') },
  },
  'grant.surrendered': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The partner gave the grant back.',
    payload: { ...grant, reason: maybe('Why, in the partner’s words.') },
  },
  'grant.expired': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The grant reached its end.',
    payload: grant,
  },
  'grant.deprovisioned': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'It was acknowledged that access is closed.',
    payload: grant,
  },

  'program.published': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A version of a program was published.',
    payload: { ...program, number: number('The version’s number, from 1.') },
  },
  'program.opened': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A program was opened for applications.',
    payload: program,
  },
  'program.closed': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A program was closed to new applications.',
    payload: program,
  },

  'webhook_endpoint.created': {
    version: 1,
    audience: 'PARTNER',
    delivered: false,
    happens: 'A webhook endpoint was registered.',
    payload: endpoint,
  },
  'webhook_endpoint.changed': {
    version: 1,
    audience: 'PARTNER',
    delivered: false,
    happens: 'A webhook endpoint was changed, enabled or disabled.',
    payload: endpoint,
  },
  'webhook_endpoint.secret_rotated': {
    version: 1,
    audience: 'PARTNER',
    delivered: false,
    happens: 'A webhook endpoint was given a new secret.',
    payload: endpoint,
  },
  'webhook_endpoint.removed': {
    version: 1,
    audience: 'PARTNER',
    delivered: false,
    happens: 'A webhook endpoint was removed.',
    payload: endpoint,
  },
  'webhook_endpoint.pinged': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'Somebody asked for a trial message; only the endpoint concerned hears it.',
    payload: endpoint,
  },
  'webhook_delivery.replayed': {
    version: 1,
    audience: 'PARTNER',
    delivered: false,
    happens: 'A delivery was sent again by hand.',
    payload: { ...endpoint, deliveryId: text('The delivery.') },
  },

  'api_key.created': {
    version: 1,
    audience: 'PARTNER',
    delivered: false,
    happens: 'An API key was created.',
    payload: { apiKeyId: text('The key.'), scopes: list('What it may be used for.') },
  },
  'api_key.revoked': {
    version: 1,
    audience: 'PARTNER',
    delivered: false,
    happens: 'An API key was revoked.',
    payload: { apiKeyId: text('The key.') },
  },

  'person.signed_up': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A person signed up; the e-mail address is not verified yet.',
    payload: person,
  },
  'person.verified': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A person showed that the e-mail address is theirs.',
    payload: person,
  },
  'person.password_changed': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A person was given another password; all other sessions ended.',
    payload: { ...person, how: text('CHANGED with the old password, RESET by e-mail, ONE_TIME by an administrator.') },
  },

  'staff.added': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A person was added to the staff.',
    payload: staff,
  },
  'staff.roles_changed': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A member of staff was given other roles.',
    payload: staff,
  },
  'staff.deactivated': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A member of staff lost access.',
    payload: staff,
  },
} as const satisfies Record<string, EventDefinition>;

export type EventName = keyof typeof eventCatalogue;
export const allEventNames = Object.keys(eventCatalogue) as EventName[];

type FieldValue<Field> = Field extends { type: 'integer' }
  ? number
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
