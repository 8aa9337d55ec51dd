import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Info, Query, Resolver } from 'type-graphql';
import { PageArgs } from '../api/connection.js';
import type { Request } from '../api/request.js';
import { requirePermission } from '../doorway/requirements.js';
import { isEventName } from '../events/catalogue.js';
import { Refusal } from '../platform/errors.js';
import { decodeGivenId, parseId } from '../platform/ids.js';
import { selectionOf } from '../platform/reading/selection.js';
import { AuditLogFilterInput, AuditRecordConnection } from './audit.types.js';
import { type AuditLogFilter, readAuditLog } from './audit-record.queries.js';

@Resolver()
export class AuditResolver {
  @Query(() => AuditRecordConnection, {
    description:
      'The audit log, latest first. For auditors and administrators. Whether it is unchanged is checked by ' +
      '`npx sallyport audit verify`.',
  })
  auditLog(
    @Arg('filter', () => AuditLogFilterInput, { nullable: true, description: 'Which of them.' })
    filter: AuditLogFilterInput | null | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    requirePermission('readAuditLog', request.actor, null);
    return readAuditLog(request.reading, selectionOf(info), readFilter(filter ?? {}), page);
  }
}

/** @throws Refusal for an id of the wrong kind, an event that does not exist, and a time that ends before it begins */
function readFilter({ organizationId, applicationId, actorId, event, from, to }: AuditLogFilterInput): AuditLogFilter {
  if (event != null && !isEventName(event)) {
    const message = `There is no event "${event.slice(0, 60)}". Names look like grant.suspended.`;
    throw Refusal.of('INVALID', message, ['filter', 'event']);
  }
  if (from != null && to != null && to <= from) {
    throw Refusal.of('INVALID', '`to` must be later than `from`.', ['filter', 'to']);
  }
  return {
    organizationId: decodeGivenId('organization', organizationId, ['filter', 'organizationId']),
    applicationId: decodeGivenId('application', applicationId, ['filter', 'applicationId']),
    actorId: actorId == null ? null : decodeActorId(actorId),
    event: event ?? null,
    from: from ?? null,
    to: to ?? null,
  };
}

function decodeActorId(text: string): string {
  const parsed = parseId(text);
  if (parsed?.kind === 'person' || parsed?.kind === 'apikey') return parsed.uuid;
  const message = `"${text.slice(0, 60)}" is not the id of a person or an API key.`;
  throw Refusal.of('INVALID_ID', message, ['filter', 'actorId']);
}
