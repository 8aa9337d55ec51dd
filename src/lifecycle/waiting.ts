/** Why a grant that was approved cannot be used at this moment. */
export const waitingReasons = {
  NOT_PROVISIONED: 'No system has said yet that access is open in the product.',
  NO_SYSTEM: 'No active system is registered to open access to the product.',
  FAILING: 'A system tried to open access and could not.',
  OVERDUE: 'Access should be open by now.',
  NOT_RELEASED: 'The product is not released to the organization.',
  SUSPENDED: 'It is suspended.',
  NOT_STARTED: 'It does not hold yet.',
  ENDED: 'It has ended.',
} as const;

export type WaitingReason = keyof typeof waitingReasons;

/** What partners are not told: how the operator provisions is its own affair. */
export const reasonsForStaff: readonly WaitingReason[] = ['NO_SYSTEM', 'FAILING', 'OVERDUE'];
