import type { ActorStanding, Role } from './roles.js';
import { accepted, objection, type Ruling } from './ruling.js';

/**
 * Commands on objects that have no statuses of their own: who may give them. `ANYONE_SIGNED_IN` is every person with a
 * verified e-mail address. Partner roles are those held in the organization concerned.
 */
export const plainCommands = {
  createOrganization: {
    does: 'Registers a partner organization; its creator becomes its owner.',
    by: ['ANYONE_SIGNED_IN'],
  },
  acceptInvitation: { does: 'Joins an organization by an invitation to one’s own address.', by: ['ANYONE_SIGNED_IN'] },
  chooseNotifications: {
    does: 'Chooses how one hears of things by e-mail, and when the daily one comes.',
    by: ['ANYONE_SIGNED_IN'],
  },
  inviteMember: { does: 'Invites a colleague.', by: ['OWNER'] },
  revokeInvitation: { does: 'Takes an invitation back.', by: ['OWNER'] },
  changeMemberRole: { does: 'Changes a member’s role.', by: ['OWNER'] },
  removeMember: { does: 'Removes a member from the organization.', by: ['OWNER'] },
  startApplication: { does: 'Starts a draft application to an open program.', by: ['OWNER', 'APPLICANT'] },
  createPartnerKey: { does: 'Creates an API key for the organization’s machines.', by: ['OWNER'] },
  createOperatorKey: { does: 'Creates an API key for the operator’s machines.', by: ['ADMIN'] },
  managePartnerWebhooks: {
    does: 'Registers, changes and removes the organization’s webhook endpoints, and replays deliveries.',
    by: ['OWNER'],
  },
  manageOperatorWebhooks: {
    does: 'Registers, changes and removes the operator’s webhook endpoints, and replays deliveries.',
    by: ['ADMIN'],
  },
  manageStaff: { does: 'Adds staff, changes their roles, ends their access.', by: ['ADMIN'] },
  setOwnAwayPeriods: {
    does: 'Says when oneself is away and is given no work.',
    by: ['INTAKE', 'REVIEWER', 'DECIDER', 'PROGRAM_MANAGER', 'AUDITOR', 'ADMIN'],
  },
  setAwayPeriodsOfOthers: { does: 'Says the same for other members of staff.', by: ['ADMIN'] },
  managePrograms: {
    does: 'Creates programs, publishes their versions, opens and closes them.',
    by: ['PROGRAM_MANAGER'],
  },
  manageLetterTemplates: {
    does: 'Publishes versions of the text of decision letters, and tries them out.',
    by: ['PROGRAM_MANAGER'],
  },
  manageStandardTexts: {
    does: 'Keeps the library of standard conditions and reasons for refusal: adds, rewords and retires them.',
    by: ['PROGRAM_MANAGER'],
  },
  stateRelease: {
    does: 'Proposes what the operator states of a product’s release, and confirms what another proposed.',
    by: ['PROGRAM_MANAGER'],
  },
  planRollouts: {
    does: 'Plans the waves of a product’s rollout and the restoration of its grants, confirms what another planned, and ends both.',
    by: ['PROGRAM_MANAGER'],
  },
  recordDirectives: {
    does: 'Registers authorities and records what they order; orders an emergency halt.',
    by: ['PROGRAM_MANAGER', 'ADMIN'],
  },
  manageFlags: {
    does: 'Defines the flags that can be raised, changes what they are called, retires them.',
    by: ['PROGRAM_MANAGER', 'ADMIN'],
  },
  raiseFlags: {
    does: 'Raises flags on organizations and submitted applications, and lowers them.',
    by: ['INTAKE', 'REVIEWER', 'DECIDER', 'PROGRAM_MANAGER'],
  },
  rateOrganizations: {
    does: 'Rates how risky an organization is, for staff.',
    by: ['INTAKE', 'REVIEWER', 'DECIDER', 'PROGRAM_MANAGER'],
  },
  screenOrganization: {
    does: 'Screens an organization and its members against the lists in force, now.',
    by: ['INTAKE', 'REVIEWER', 'PROGRAM_MANAGER'],
  },
  giveBulkCommands: {
    does: 'Gives a command on many applications at once; on each, the role that the command takes is needed, too.',
    by: ['INTAKE', 'REVIEWER', 'DECIDER', 'PROGRAM_MANAGER'],
  },
  manageSavedViews: {
    does: 'Keeps views of applications under names, and changes and removes one’s own.',
    by: ['INTAKE', 'REVIEWER', 'DECIDER', 'PROGRAM_MANAGER', 'AUDITOR', 'ADMIN'],
  },
  readAuditLog: { does: 'Reads the audit log.', by: ['AUDITOR', 'ADMIN'] },
  readReports: {
    does: 'Reads reports on applications, staff and times, and exports them.',
    by: ['AUDITOR', 'PROGRAM_MANAGER', 'ADMIN'],
  },
} as const satisfies Record<string, { does: string; by: readonly (Role | 'ANYONE_SIGNED_IN')[] }>;

export type PlainCommand = keyof typeof plainCommands;

/** May this actor give this command at all? */
export function ruleOnPlainCommand(command: PlainCommand, actor: ActorStanding): Ruling {
  const by: readonly (Role | 'ANYONE_SIGNED_IN')[] = plainCommands[command].by;
  if (by.includes('ANYONE_SIGNED_IN') && actor.personId !== null) return accepted;
  if (actor.roles.some((role) => by.includes(role))) return accepted;
  return objection(
    'FORBIDDEN',
    `Your role does not allow this. It takes ${by.filter((role) => role !== 'ANYONE_SIGNED_IN').join(' or ') || 'a signed-in person'}.`,
  );
}
