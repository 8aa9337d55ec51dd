/** The queue on which grants are marked that their product's release permits no more. */
export const applyReleaseQueue = 'release.apply';
