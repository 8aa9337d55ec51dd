/** The queue on which partners are told that a product's release changed. */
export const tellReleaseQueue = 'release.tell';
