import { type MinutelyParts, minutely } from '../doorway/minutely.js';
import { expireFlag } from './flag.commands.js';
import { expiredFlags } from './flag.queries.js';

/** Each minute, lowers the flags whose time is over. They have been shown to nobody since that very moment. */
export const flagExpiry = (parts: MinutelyParts) =>
  minutely(parts, {
    name: 'flags.expire',
    find: expiredFlags,
    give: (doorway, flagId, context) => doorway.execute(expireFlag, { flagId }, context),
  });
