/** The queue on which whoever was not screened as things are now is screened. */
export const catchUpQueue = 'screening.catchUp';
