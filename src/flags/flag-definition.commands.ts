import { LockMode } from '@mikro-orm/core';
import type { Command, Work } from '../doorway/command.js';
import { requireLine, requirePermission, requireText, requireVersion } from '../doorway/requirements.js';
import { type FlagColour, flagKeyForm } from '../lifecycle/flags.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { longestList } from '../platform/reading/projection.js';
import { FlagDefinition } from './flag.entity.js';

const longestKey = 60;
const longestLabel = 60;
const longestDescription = 1000;

interface Definition {
  readonly label: string;
  readonly colour: FlagColour;
  readonly description: string;
}

/** Defines a flag that staff and routing rules can raise from now on. */
export const createFlagDefinition: Command<Definition & { readonly key: string }, { flagDefinitionId: string }> = {
  name: 'flags.createDefinition',
  duplicates: { flag_definition_key: 'There is a flag with this key already.' },
  async run(work, { key, ...definition }) {
    requirePermission('manageFlags', work.actor, null);
    if (!flagKeyForm.test(key) || key.length > longestKey) {
      const message = `A flag’s key is lower-case words joined by hyphens, at most ${longestKey} characters, not "${key.slice(0, 100)}".`;
      throw Refusal.of('INVALID', message, ['key']);
    }
    if (await work.em.findOne(FlagDefinition, { key }))
      throw Refusal.of('ALREADY_EXISTS', `There is a flag with the key "${key}" already.`, ['key']);
    if ((await work.em.count(FlagDefinition)) >= longestList)
      throw Refusal.of('LIMIT_REACHED', `There can be ${longestList} flags, those that were retired included.`);
    const made = work.em.create(FlagDefinition, {
      id: work.ids.next(),
      key,
      ...requireDefinition(definition),
      retiredAt: null,
      version: 1,
      createdAt: work.now,
      updatedAt: work.now,
    });
    record(work, made, 'flag_definition.created');
    return { flagDefinitionId: made.id };
  },
};

/** Changes what a flag is called and means, wherever it is raised; or retires it, so that it is raised no more. */
export const updateFlagDefinition: Command<
  Definition & {
    readonly flagDefinitionId: string;
    readonly retired: boolean;
    readonly expectedVersion?: number | null;
  },
  { flagDefinitionId: string }
> = {
  name: 'flags.updateDefinition',
  async run(work, { flagDefinitionId: id, retired, expectedVersion, ...definition }) {
    requirePermission('manageFlags', work.actor, null);
    const found = await work.em.findOne(FlagDefinition, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!found) throw Refusal.notFound('flag', ['flagDefinitionId']);
    requireVersion(found.version, expectedVersion);
    Object.assign(found, requireDefinition(definition));
    found.retiredAt = retired ? (found.retiredAt ?? work.now) : null;
    found.updatedAt = work.now;
    record(work, found, 'flag_definition.updated');
    return { flagDefinitionId: id };
  },
};

function requireDefinition({ label, colour, description }: Definition): Definition {
  return {
    label: requireLine(label, ['label'], longestLabel),
    colour,
    description: requireText(description, ['description'], longestDescription),
  };
}

function record(
  work: Work,
  { id, key }: FlagDefinition,
  event: 'flag_definition.created' | 'flag_definition.updated',
): void {
  work.record({
    event,
    payload: { flagDefinitionId: encodeId('flagdefinition', id), key },
    subject: { kind: 'flagdefinition', id },
    organizationId: null,
  });
}
