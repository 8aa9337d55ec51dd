import { type MinutelyParts, minutely } from '../doorway/minutely.js';
import { askForTerms, remindOfTerms, suspendOverdueGrant } from './attestation.commands.js';
import { attestationsToRemindOf, overdueGrants, programsToAsk } from './attestation.queries.js';

/** Each minute, asks organizations for terms that a program requires: at first all of them, later those that are let in. */
export const askingForTerms = (parts: MinutelyParts) =>
  minutely(parts, {
    name: 'attestations.ask',
    find: (database) => programsToAsk(database),
    async give(doorway, programId, context) {
      for (let asked = 1; asked > 0; ) ({ asked } = await doorway.execute(askForTerms, { programId }, context));
    },
  });

/** Each minute, reminds of terms that will be due soon. */
export const remindingOfTerms = (parts: MinutelyParts) =>
  minutely(parts, {
    name: 'attestations.remind',
    find: attestationsToRemindOf,
    give: (doorway, attestationId, context) => doorway.execute(remindOfTerms, { attestationId }, context),
  });

/** Each minute, suspends what was not accepted in time. `accessCheck` has said no since that very moment. */
export const suspendingForTerms = (parts: MinutelyParts) =>
  minutely(parts, {
    name: 'attestations.suspend',
    find: overdueGrants,
    give: (doorway, overdue, context) => doorway.execute(suspendOverdueGrant, overdue, context),
  });
