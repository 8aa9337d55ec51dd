import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { Request } from '../api/request.js';
import { accessReasons } from '../lifecycle/access.js';
import type { Actor } from '../lifecycle/actor.js';
import type { RawSql } from '../platform/database/database.js';
import { decodeId, encodeId } from '../platform/ids.js';
import { type CheckedAccess, readAccess, sayOfAccess, sayOfGrant } from './access-check.js';
import { AccessCheck, SignedStatement } from './access-check.types.js';
import type { Saying, Statements } from './statements.js';

export interface AccessCheckParts {
  readonly database: RawSql;
  readonly statements: Statements;
  /** Counts a statement for this person or key. @throws Refusal RATE_LIMITED */
  readonly admit: (holderId: string) => Promise<void>;
}

/** An answer, with what it was made of, in case that its signed form is asked for. */
interface AnsweredCheck extends AccessCheck {
  readonly checked: CheckedAccess;
}

@Resolver(() => AccessCheck)
export class AccessCheckResolver {
  readonly #parts: AccessCheckParts;

  constructor(parts: AccessCheckParts) {
    this.#parts = parts;
  }

  @Query(() => AccessCheck, {
    description:
      'Whether an organization may use a product now: release, grant, terms, screening and provisioning together, with every reason that fails. For its members, staff, and provisioning systems where it holds a grant.',
  })
  async accessCheck(
    @Arg('organizationId', () => ID, { description: 'The organization.' }) organizationId: string,
    @Arg('productCode', () => String, { description: 'The code of the product.' }) productCode: string,
    @Ctx() { reading }: Request,
  ): Promise<AnsweredCheck> {
    const id = decodeId('organization', organizationId, ['organizationId']);
    return presented(await readAccess(this.#parts.database, { organizationId: id, productCode }, reading.viewer));
  }

  @FieldResolver(() => SignedStatement, {
    description: 'The same, signed by the operator, for whoever cannot ask the portal: see `docs/access.md`.',
  })
  statement(@Root() { checked }: AnsweredCheck, @Ctx() { actor }: Request): Promise<SignedStatement> {
    return this.#signed(actor, sayOfAccess(checked));
  }

  @Query(() => SignedStatement, {
    description:
      'A signed statement that a grant can be used, good for a quarter of an hour at most; refused with every reason when it cannot. For whoever sees the grant.',
  })
  async grantStatement(
    @Arg('grantId', () => ID, { description: 'The grant.' }) grantId: string,
    @Ctx() { actor, reading }: Request,
  ): Promise<SignedStatement> {
    const id = decodeId('grant', grantId, ['grantId']);
    return this.#signed(actor, await sayOfGrant(this.#parts.database, id, reading.viewer));
  }

  async #signed(actor: Actor, saying: Saying): Promise<SignedStatement> {
    await this.#parts.admit(holderOf(actor));
    return this.#parts.statements.sign(saying);
  }
}

function holderOf(actor: Actor): string {
  if (actor.kind === 'PERSON') return actor.personId;
  return actor.kind === 'MACHINE' ? actor.keyId : actor.kind;
}

function presented(checked: CheckedAccess): AnsweredCheck {
  const { organizationId, productCode, answer, grant, checkedAt } = checked;
  return {
    checked,
    organizationId: encodeId('organization', organizationId),
    productCode,
    decision: answer.decision,
    reasons: answer.reasons.map(({ code, authority, directiveId }) => ({
      code,
      message: accessReasons[code].means,
      mendedBy: accessReasons[code].mendedBy,
      authority,
      directiveId: directiveId && encodeId('directive', directiveId),
    })),
    grantId: grant && encodeId('grant', grant.id),
    grantReference: grant?.reference ?? null,
    checkedAt,
  };
}
