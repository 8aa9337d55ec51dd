/** How staff rate an organization. */
export const riskRatings = {
  UNRATED: 'Nobody has rated it.',
  LOW: 'Nothing speaks for more care than usual.',
  MEDIUM: 'Something speaks for more care than usual.',
  HIGH: 'Much speaks for care: who it is, where it is, or what it does.',
} as const;

export type RiskRating = keyof typeof riskRatings;
export const allRiskRatings = Object.keys(riskRatings) as RiskRating[];
