import { sql } from 'kysely';
import type { Eyes } from '../api/eyes.js';
import { standingGrantStatuses } from '../lifecycle/grant.js';
import { reasonsForStaff, type WaitingReason } from '../lifecycle/waiting.js';
import type { Row, Sql } from '../platform/reading/projection.js';
import { isPermittedSql } from './release-ruling.queries.js';

/** In SQL, over a grant's row: was it approved, has not ended, and cannot be used at this moment? */
export function isWaitingSql(row: Row, eyes: Eyes): Sql {
  const isUsable = sql`${row('status')} = 'ACTIVE' and ${row('starts_at')} <= ${eyes.now} and ${isPermittedSql(row, eyes.now)}`;
  return sql`(${row('status')} in (${sql.join(standingGrantStatuses.map((status) => sql.lit(status)))}) and ${row('ends_at')} > ${eyes.now}
    and not (${isUsable}))`;
}

/** In SQL, over a grant's row: every reason why it cannot be used at this moment, as a text[]; empty when it can. */
export function waitingReasonsSql(row: Row, eyes: Eyes): Sql {
  const isPending = sql`${row('status')} = 'PENDING_PROVISIONING'`;
  const task = (condition: Sql) => sql`${isPending} and exists (select from provisioning_task as t
    where t.grant_id = ${row('id')} and t.status in ('OPEN', 'CLAIMED') and ${condition})`;
  const hasEnded = sql`(${row('status')} in ('EXPIRED', 'REVOKED', 'SURRENDERED') or ${row('ends_at')} <= ${eyes.now})`;
  const conditions: Readonly<Record<WaitingReason, Sql>> = {
    WAITLISTED: sql`${row('status')} = 'WAITLISTED'`,
    NOT_PROVISIONED: isPending,
    NO_SYSTEM: sql`${isPending} and not exists (select from provisioning_system as s where s.is_active
      and 'PROVISION' = any(s.duties) and ${row('product_code')} = any(s.product_codes))`,
    FAILING: task(sql`t.failed_at is not null`),
    OVERDUE: task(sql`t.due_at <= ${eyes.now}`),
    NOT_RELEASED: sql`not ${hasEnded}
      and (${row('status')} = 'APPROVED_IN_PRINCIPLE' or not ${isPermittedSql(row, eyes.now)})`,
    SUSPENDED: sql`${row('status')} = 'SUSPENDED'`,
    NOT_STARTED: sql`${row('starts_at')} > ${eyes.now}`,
    ENDED: hasEnded,
  };
  const told = (Object.entries(conditions) as [WaitingReason, Sql][]).filter(
    ([reason]) => eyes.seesEveryGrant || !reasonsForStaff.includes(reason),
  );
  const reasons = told.map(([reason, condition]) => sql`case when ${condition} then ${sql.lit(reason)} end`);
  return sql`array_remove(array[${sql.join(reasons)}]::text[], null)`;
}
