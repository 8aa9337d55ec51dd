import type { ArrivalLog } from '../api/arrival-feed.js';
import type { Answering } from '../platform/database/database.js';
import { namedStatement } from '../platform/database/named-statement.js';

const newestOf = namedStatement(`
  select json_object_agg(user_id, given)::text as answer from notification_count where user_id = any($1::text::uuid[])`);

/** How many notifications people were given, which is the number of the newest. */
export function arrivalLogOf(database: Answering): ArrivalLog {
  return {
    async newestOf(personIds) {
      const found = await database.answer(newestOf, [`{${personIds.join(',')}}`]);
      const counts: Readonly<Record<string, number>> = found === null ? {} : JSON.parse(found);
      return new Map(Object.entries(counts));
    },
  };
}
