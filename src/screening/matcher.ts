/**
 * Counts the changes of the rules of comparing (the words, the sounds, the weights, the scores). Every run says which it
 * followed, and an organization that was screened by older ones is screened again.
 */
export const matcherVersion = 2;
