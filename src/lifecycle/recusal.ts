/** Why a member of staff must not judge an organization. */
export const recusalKinds = {
  DECLARED: 'They declared it. It holds for good.',
  MEMBERSHIP: 'They belong to the organization. It holds for as long as they do.',
  SHARED_DOMAIN:
    'A member of the organization has an e-mail address at the same domain. It holds for as long as that is so.',
} as const;

export type RecusalKind = keyof typeof recusalKinds;

/** Somebody who is recused from an organization now. */
export interface StandingRecusal {
  readonly personId: string;
  readonly kind: RecusalKind;
}

const sentences: Readonly<Record<RecusalKind, string>> = {
  DECLARED: 'You are recused from this organization',
  MEMBERSHIP: 'You belong to this organization',
  SHARED_DOMAIN:
    'You are recused from this organization, because a member of it has an e-mail address at the same domain as you',
};

/** Why this person must not judge the organization, to be told to them; null when they may. */
export function whyRecused(recused: readonly StandingRecusal[], personId: string | null): string | null {
  const found = recused.find((one) => one.personId === personId);
  return found ? sentences[found.kind] : null;
}

export function isRecused(recused: readonly StandingRecusal[], personId: string | null): boolean {
  return recused.some((one) => one.personId === personId);
}
