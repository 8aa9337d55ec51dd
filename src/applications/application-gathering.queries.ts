import { sql } from 'kysely';
import type { Eyes } from '../api/eyes.js';
import type { FieldArguments } from '../platform/reading/arguments.js';
import type { Ways } from '../platform/reading/connection-sql.js';
import type { Row, Sql } from '../platform/reading/projection.js';
import {
  flagsMeant,
  isFlagged,
  isMeant,
  isNarrow,
  isOfAny,
  isScored,
  type Part,
  scoresMeant,
} from './application-filter.queries.js';

/** Of so many, all are gathered; of more, one soon comes upon enough of them by going through the applications. */
const few = 500;

const parts: Readonly<Record<Part, (row: Row, filter: FieldArguments, eyes: Eyes) => Ways>> = {
  /** By the applications of each organization that is meant. */
  organizations: (row, filter) => ({
    isFirst: areFew(sql`organization as o where ${isMeant(filter)}`),
    first: sql`${row('organization_id')} = any(array(select o.id from organization as o where ${isMeant(filter)}))`,
    second: isOfAny(row, filter),
  }),
  /** By the flags that are up. */
  flags: (row, filter, eyes) => {
    const flags = sql`flag as f where ${flagsMeant(filter, eyes)}`;
    return {
      isFirst: areFew(flags),
      first: sql`(${row('id')} = any(array(select f.application_id from ${flags} and f.application_id is not null))
        or ${row('organization_id')} = any(array(select f.organization_id from ${flags} and f.application_id is null)))`,
      second: isFlagged(row, filter, eyes),
    };
  },
  /** By the recommendations that score so: where none does, the mean does not. */
  scores: (row, filter, eyes) => {
    const scored = sql`recommendation as r where ${scoresMeant(filter)}`;
    const holds = isScored(row, filter, eyes);
    return {
      isFirst: areFew(scored),
      first: sql`(${row('id')} = any(array(select r.application_id from ${scored})) and ${holds})`,
      second: holds,
    };
  },
};

/** The part of a filter by which staff may find at once what it leaves; none when that is few already. */
export function gatheredPart(filter: FieldArguments, eyes: Eyes): Part | null {
  if (!eyes.seesEveryOrganization || isNarrow(filter)) return null;
  if (['sectors', 'countries', 'risks'].some((name) => filter.has(name))) return 'organizations';
  if (filter.has('flags')) return 'flags';
  return filter.has('scoreFrom') || filter.has('scoreBelow') ? 'scores' : null;
}

export function waysByPart(part: Part, row: Row, filter: FieldArguments, eyes: Eyes): Ways {
  return parts[part](row, filter, eyes);
}

function areFew(rows: Sql): Sql {
  return sql`((select count(*) from (select from ${rows} limit ${sql.lit(few + 1)}) as meant) <= ${sql.lit(few)})`;
}
