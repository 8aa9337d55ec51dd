/** The queue on which events travel from the command's transaction to webhooks and e-mail. */
export const dispatchQueue = 'events.dispatch';

/** A job on the dispatch queue: the events of one command. */
export interface DispatchJob {
  readonly eventIds: readonly string[];
}
