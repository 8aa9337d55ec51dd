/** Why a grant is suspended. Causes stack: lifting one leaves the others. Partners read these. */
export const suspensionCauses = {
  STAFF: 'The operator’s staff suspended it.',
  RELEASE: 'The product is not released to the organization.',
  REVIEW: 'The operator reviews it.',
  TERMS: 'New terms were not accepted in time.',
  RECERTIFICATION: 'It was not confirmed in time that the grant is still needed.',
} as const;

export type SuspensionCause = keyof typeof suspensionCauses;
export const allSuspensionCauses = Object.keys(suspensionCauses) as SuspensionCause[];

/** Who lifts a cause: staff by reinstating, or whoever does what was missing, which lifts it by itself. */
const liftedBy: Readonly<Record<SuspensionCause, 'STAFF' | 'WHAT_WAS_MISSING'>> = {
  STAFF: 'STAFF',
  RELEASE: 'STAFF',
  REVIEW: 'STAFF',
  TERMS: 'WHAT_WAS_MISSING',
  RECERTIFICATION: 'WHAT_WAS_MISSING',
};

/** A cause that was not lifted yet. */
export interface OpenSuspension {
  readonly cause: SuspensionCause;
  /** The member of staff; null for the portal itself. */
  readonly by: string | null;
}

/** What staff who reinstate a grant lift: the cause they name, or every one. */
export function suspensionsToLift(
  open: readonly OpenSuspension[],
  named: SuspensionCause | null,
): { readonly lifted: readonly OpenSuspension[]; readonly left: readonly OpenSuspension[] } {
  const isLifted = ({ cause }: OpenSuspension) => named === null || cause === named;
  return { lifted: open.filter(isLifted), left: open.filter((one) => !isLifted(one)) };
}

/** Those of the causes that staff cannot lift, because something is missing. */
export function missingFor(lifted: readonly OpenSuspension[]): readonly SuspensionCause[] {
  return lifted.map(({ cause }) => cause).filter((cause) => liftedBy[cause] === 'WHAT_WAS_MISSING');
}
