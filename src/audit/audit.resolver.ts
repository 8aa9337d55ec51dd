import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Info, Query, Resolver } from 'type-graphql';
import { PageArgs } from '../api/connection.js';
import type { Request } from '../api/request.js';
import { requirePermission } from '../doorway/requirements.js';
import { isEventName } from '../events/catalogue.js';
import { Refusal } from '../platform/errors.js';
import { AuditLogFilterInput, AuditRecordConnection } from './audit.types.js';
import { auditLog } from './audit-record.queries.js';

@Resolver()
export class AuditResolver {
  @Query(() => AuditRecordConnection, {
    description:
      'The audit log, latest first, as far back as the operator keeps it. For auditors and administrators. Whether it ' +
      'is unchanged is checked by `npx sallyport audit verify`.',
  })
  auditLog(
    @Arg('filter', () => AuditLogFilterInput, { nullable: true, description: 'Which of them.' })
    filter: AuditLogFilterInput | null | undefined,
    @Args(() => PageArgs) _page: PageArgs,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    requirePermission('readAuditLog', request.actor, null);
    checkFilter(filter ?? {});
    return request.reading.field(auditLog, info);
  }
}

/** @throws Refusal for an event that does not exist, and a time that ends before it begins */
function checkFilter({ event, from, to }: AuditLogFilterInput): void {
  if (event != null && !isEventName(event)) {
    const message = `There is no event "${event.slice(0, 60)}". Names look like grant.suspended.`;
    throw Refusal.of('INVALID', message, ['filter', 'event']);
  }
  if (from != null && to != null && to <= from) {
    throw Refusal.of('INVALID', '`to` must be later than `from`.', ['filter', 'to']);
  }
}
