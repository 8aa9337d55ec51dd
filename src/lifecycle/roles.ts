/**
 * Who may act. A person or machine can hold several roles; what they may do is the union. Partner roles hold within one
 * organization only, staff roles within the operator.
 */
export const partnerRoles = {
  OWNER: 'Answers for the organization: manages its members, keys and webhooks, and does all that an applicant does.',
  APPLICANT: 'Drafts, submits, corrects and withdraws applications, and answers questions.',
  VIEWER: 'Follows the organization’s applications and grants without changing them.',
} as const;

export const staffRoles = {
  INTAKE: 'Checks what arrives, starts reviews, returns what is incomplete.',
  REVIEWER: 'Examines applications, asks for information, recommends.',
  DECIDER: 'Proposes decisions and countersigns those that others proposed.',
  PROGRAM_MANAGER: 'Manages programs and the grants issued under them.',
  AUDITOR: 'Reads everything, the audit log included, and changes nothing.',
  ADMIN: 'Manages staff, the operator’s API keys and webhook endpoints.',
} as const;

export const machineRoles = {
  PROVISIONER: 'A provisioning system: acknowledges that access was opened or closed.',
  SYSTEM: 'The portal itself, acting on time or on a directive.',
} as const;

export type PartnerRole = keyof typeof partnerRoles;
export type StaffRole = keyof typeof staffRoles;
export type MachineRole = keyof typeof machineRoles;
export type Role = PartnerRole | StaffRole | MachineRole;

export const allPartnerRoles = Object.keys(partnerRoles) as PartnerRole[];
export const allStaffRoles = Object.keys(staffRoles) as StaffRole[];
export const allRoles = [
  ...allPartnerRoles,
  ...allStaffRoles,
  'PROVISIONER',
  'SYSTEM',
] as const satisfies readonly Role[];

/** What whoever acts is, in relation to the object they act on. */
export interface ActorStanding {
  /** The person's id; null for machines and for the system. */
  readonly personId: string | null;
  readonly roles: readonly Role[];
  /** True when the person is a member of the partner organization concerned. */
  readonly belongsToOrganization: boolean;
}
