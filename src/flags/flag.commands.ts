import { LockMode } from '@mikro-orm/core';
import type { Command, Work } from '../doorway/command.js';
import { requireIdentified, requirePermission, requirePerson, requireText } from '../doorway/requirements.js';
import type { EventName } from '../events/catalogue.js';
import { organizationsOf, seesEveryOrganization } from '../lifecycle/actor.js';
import { requireNotInvolved } from '../organizations/involvement.commands.js';
import { Refusal } from '../platform/errors.js';
import { Flag, FlagDefinition } from './flag.entity.js';
import { placeOfFlag } from './flag.queries.js';
import { aboutFlag, raise } from './raising.commands.js';

const longestReason = 4000;

export interface RaiseFlagInput {
  /** The flag's key. */
  readonly flag: string;
  /** One of the two. */
  readonly organizationId: string | null;
  readonly applicationId: string | null;
  readonly reason: string;
  readonly expiresAt: Date | null;
}

/** Raises a flag on an organization or an application. Where it is raised already, it is lowered first or left alone. */
export const raiseFlag: Command<RaiseFlagInput, { flagId: string }> = {
  name: 'flags.raise',
  async run(work, input) {
    const { organizationId, applicationId } = await requirePlace(work, input);
    const person = requirePerson(work.actor);
    const definition = await requireDefinition(work, input.flag);
    if (definition.retiredAt)
      throw Refusal.of('NOT_ALLOWED_NOW', `The flag “${definition.label}” was retired; raise another one.`, ['flag']);
    const { expiresAt } = input;
    if (expiresAt && expiresAt <= work.now)
      throw Refusal.of('INVALID', 'A flag cannot expire before it is raised.', ['expiresAt']);
    const reason = requireText(input.reason, ['reason'], longestReason);
    const { key, id: definitionId } = definition;
    const by = { raisedBy: person.personId, ruleKey: null };
    const flagId = await raise(work, { definitionId, key, organizationId, applicationId, reason, expiresAt, ...by });
    if (flagId) return { flagId };
    throw Refusal.of('ALREADY_EXISTS', `The flag “${definition.label}” is raised here already.`, ['flag']);
  },
};

/** Lowers a flag, by whomever it was raised. */
export const lowerFlag: Command<{ readonly flagId: string; readonly reason: string }, { flagId: string }> = {
  name: 'flags.lower',
  async run(work, { flagId, reason }) {
    requireIdentified(work.actor);
    const flag = seesEveryOrganization(work.actor)
      ? await work.em.findOne(Flag, { id: flagId }, { lockMode: LockMode.PESSIMISTIC_WRITE })
      : null;
    // For whoever belongs to the organization there are no flags.
    if (!flag || organizationsOf(work.actor).includes(flag.organizationId)) throw Refusal.notFound('flag', ['flagId']);
    requirePermission('raiseFlags', work.actor, flag.organizationId);
    const person = requirePerson(work.actor);
    await requireNotInvolved(work, flag.organizationId, 'flag it');
    if (flag.loweredAt || isOver(flag, work.now))
      throw Refusal.of('NOT_ALLOWED_NOW', 'This flag was lowered, or has expired, already.', ['flagId']);
    await lower(work, flag, person.personId, reason);
    return { flagId };
  },
};

export interface LowerFlagOnApplicationInput {
  readonly applicationId: string;
  /** The flag's key. */
  readonly flag: string;
  readonly reason: string;
}

/** Lowers the flag of this key that is up on an application, by whomever it was raised. */
export const lowerFlagOnApplication: Command<LowerFlagOnApplicationInput, { flagId: string }> = {
  name: 'flags.lowerOnApplication',
  async run(work, { flag: key, reason, applicationId }) {
    await requirePlace(work, { applicationId, organizationId: null });
    const person = requirePerson(work.actor);
    const definition = await requireDefinition(work, key);
    const flag = await work.em.findOne(
      Flag,
      { definitionId: definition.id, applicationId, loweredAt: null },
      { lockMode: LockMode.PESSIMISTIC_WRITE },
    );
    if (!flag || isOver(flag, work.now))
      throw Refusal.of('NOT_ALLOWED_NOW', `The flag “${definition.label}” is not up on this application.`, ['flag']);
    await lower(work, flag, person.personId, reason);
    return { flagId: flag.id };
  },
};

async function lower(work: Work, flag: Flag, personId: string, reason: string): Promise<void> {
  flag.loweredAt = work.now;
  flag.loweredBy = personId;
  flag.loweredReason = requireText(reason, ['reason'], longestReason);
  await recordLowered(work, flag, 'flag.lowered');
}

async function requireDefinition(work: Work, key: string): Promise<FlagDefinition> {
  const definition = await work.em.findOne(FlagDefinition, { key });
  if (definition) return definition;
  const message = `There is no flag "${key.slice(0, 100)}"; the query \`flagDefinitions\` lists them.`;
  throw Refusal.of('NOT_FOUND', message, ['flag']);
}

/** Lowers a flag whose time is over. Nobody has been shown it since then. */
export const expireFlag: Command<{ readonly flagId: string }, { flagId: string }> = {
  name: 'flags.expire',
  async run(work, { flagId }) {
    if (work.actor.kind !== 'SYSTEM') throw Refusal.of('FORBIDDEN', 'Flags expire by themselves.');
    const flag = await work.em.findOne(Flag, { id: flagId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!flag || flag.loweredAt || !isOver(flag, work.now)) return { flagId };
    flag.loweredAt = work.now;
    await recordLowered(work, flag, 'flag.expired');
    return { flagId };
  },
};

function isOver({ expiresAt }: Flag, now: Date): boolean {
  return expiresAt != null && expiresAt <= now;
}

/** @throws Refusal when the actor may not know of the place, may raise nothing, or is involved */
async function requirePlace(
  work: Work,
  { organizationId, applicationId }: Pick<RaiseFlagInput, 'organizationId' | 'applicationId'>,
): Promise<{ readonly organizationId: string; readonly applicationId: string | null }> {
  requireIdentified(work.actor);
  if ((organizationId === null) === (applicationId === null))
    throw Refusal.of('INVALID', 'Say either which organization or which application.', ['applicationId']);
  const place = await placeOfFlag(work.sql, { organizationId, applicationId });
  const isOwn = place !== null && organizationsOf(work.actor).includes(place.organizationId);
  const isSeen = place !== null && (isOwn || (seesEveryOrganization(work.actor) && place.isSubmitted));
  if (!place || !isSeen)
    throw applicationId === null
      ? Refusal.notFound('organization', ['organizationId'])
      : Refusal.notFound('application', ['applicationId']);
  requirePermission('raiseFlags', work.actor, place.organizationId);
  await requireNotInvolved(work, place.organizationId, 'flag it');
  return { organizationId: place.organizationId, applicationId };
}

async function recordLowered(
  work: Work,
  { id, definitionId, organizationId, applicationId = null }: Flag,
  event: Extract<EventName, 'flag.lowered' | 'flag.expired'>,
): Promise<void> {
  const { key } = await work.em.findOneOrFail(FlagDefinition, { id: definitionId });
  work.record({ event, ...aboutFlag(id, { key, organizationId, applicationId }) });
}
