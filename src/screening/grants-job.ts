/** The queue on which active grants are looked at because of hits of their organization. */
export const grantsQueue = 'screening.grants';

export interface GrantsJob {
  readonly organizationId: string;
  /** A grant that became active only now, so nobody was told that there is a hit; with the event that says so. */
  readonly activated?: { readonly grantId: string; readonly eventId: string };
}
