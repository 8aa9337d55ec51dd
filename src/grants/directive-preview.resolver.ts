import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from 'type-graphql';
import { PageArgs } from '../api/connection.js';
import type { Read } from '../api/eyes.js';
import type { Request } from '../api/request.js';
import { emergencyHaltOf } from '../directives/as-told.js';
import { OrderEmergencyHaltInput } from '../directives/directive-inputs.types.js';
import { requireIdentified, requirePermission } from '../doorway/requirements.js';
import { seesEveryOrganization } from '../lifecycle/actor.js';
import { OrganizationConnection } from '../organizations/organization.types.js';
import type { RawSql } from '../platform/database/database.js';
import { decodeId } from '../platform/ids.js';
import { previewDirective, previewHalt, theseGrants, theseOrganizations } from './directive-preview.queries.js';
import { DirectivePreview } from './directive-preview.types.js';
import { GrantConnection } from './grant.types.js';

@Resolver(() => DirectivePreview)
export class DirectivePreviewResolver {
  readonly #database: RawSql;

  constructor(database: RawSql) {
    this.#database = database;
  }

  @Query(() => DirectivePreview, {
    nullable: true,
    description:
      'Whom a directive that is recorded hits if it is put in force: a dry run, which changes nothing. For staff; null for others, and when it does not wait to be put in force.',
  })
  async directivePreview(
    @Arg('id', () => ID, { description: 'The directive.' }) directiveId: string,
    @Ctx() { actor, reading }: Request,
  ): Promise<DirectivePreview | null> {
    requireIdentified(actor);
    const id = decodeId('directive', directiveId, ['id']);
    return seesEveryOrganization(actor) ? previewDirective(this.#database, id, reading.viewer.now) : null;
  }

  @Query(() => DirectivePreview, {
    description:
      'Whom an emergency halt would hit if it were ordered now: a dry run, which records nothing. Refused as the order would be. For program managers and administrators.',
  })
  async emergencyHaltPreview(
    @Arg('input', () => OrderEmergencyHaltInput, { description: 'The halt, as it would be ordered.' })
    input: OrderEmergencyHaltInput,
    @Ctx() { actor, reading }: Request,
  ): Promise<DirectivePreview> {
    requirePermission('recordDirectives', actor, null);
    return previewHalt(this.#database, emergencyHaltOf(input), reading.viewer.now);
  }

  @FieldResolver(() => GrantConnection, { description: 'The grants that would be suspended.' })
  suspended(
    @Root() { suspended }: DirectivePreview,
    @Args(() => PageArgs) _page: PageArgs,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return these(theseGrants, suspended, request, info);
  }

  @FieldResolver(() => GrantConnection, {
    description:
      'The suspended grants that would be permitted again. They stay suspended until they are restored or reinstated.',
  })
  permittedAgain(
    @Root() { permittedAgain }: DirectivePreview,
    @Args(() => PageArgs) _page: PageArgs,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return these(theseGrants, permittedAgain, request, info);
  }

  @FieldResolver(() => GrantConnection, {
    description:
      'The grants approved in principle that would be let in at once, carrying the conditions of what permits them.',
  })
  letIn(
    @Root() { letIn }: DirectivePreview,
    @Args(() => PageArgs) _page: PageArgs,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return these(theseGrants, letIn, request, info);
  }

  @FieldResolver(() => GrantConnection, { description: 'The grants that would carry further conditions at once.' })
  conditionsAdded(
    @Root() { conditionsAdded }: DirectivePreview,
    @Args(() => PageArgs) _page: PageArgs,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return these(theseGrants, conditionsAdded, request, info);
  }

  @FieldResolver(() => OrganizationConnection, {
    description: 'The organizations that would come into the scope of one of the products.',
  })
  organizationsIn(
    @Root() { organizationsIn }: DirectivePreview,
    @Args(() => PageArgs) _page: PageArgs,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return these(theseOrganizations, organizationsIn, request, info);
  }

  @FieldResolver(() => OrganizationConnection, {
    description: 'The organizations that would fall out of the scope of one of the products.',
  })
  organizationsOut(
    @Root() { organizationsOut }: DirectivePreview,
    @Args(() => PageArgs) _page: PageArgs,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return these(theseOrganizations, organizationsOut, request, info);
  }
}

function these(read: Read, ids: readonly string[], { reading }: Request, info: GraphQLResolveInfo) {
  return reading.given(read, { ids: `{${ids.join(',')}}` }, info);
}
