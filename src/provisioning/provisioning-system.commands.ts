import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { Command, Work } from '../doorway/command.js';
import { requireLine, requirePermission, requirePerson, requireVersion } from '../doorway/requirements.js';
import { allSystemDuties, longestMinutes, type ProvisioningTimes, type SystemDuty } from '../lifecycle/provisioning.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { changeProvisioningTimes } from '../products/product.commands.js';
import { ProvisioningSystem } from './provisioning-system.entity.js';

const longestName = 100;
const mostProducts = 50;

type SystemResult = { readonly systemId: string };

export interface RegisterSystemInput {
  readonly name: string;
  readonly apiKeyId: string;
  readonly productCodes: readonly string[];
  readonly duties: readonly SystemDuty[];
}

const duplicates = {
  provisioning_system_name_key: 'There is a system of this name already.',
  provisioning_system_api_key_id_key: 'A system is registered for this key already.',
};

/** Registers a machine of the operator for products. Its key must be one that may provision. */
export const registerProvisioningSystem: Command<RegisterSystemInput, SystemResult> = {
  name: 'provisioningSystem.register',
  duplicates,
  async run(work, input) {
    requirePermission('manageProvisioningSystems', work.actor, null);
    requirePerson(work.actor);
    const system = work.em.create(ProvisioningSystem, {
      id: work.ids.next(),
      name: await requireName(work, input.name, null),
      apiKeyId: await requireKey(work, input.apiKeyId, null),
      productCodes: await requireProducts(work, input.productCodes),
      duties: requireDuties(input.duties),
      isActive: true,
      version: 1,
      createdAt: work.now,
      updatedAt: work.now,
    });
    record(work, system, 'provisioning_system.registered');
    return { systemId: system.id };
  },
};

export interface UpdateSystemInput extends Partial<RegisterSystemInput> {
  readonly systemId: string;
  readonly isActive?: boolean;
  readonly expectedVersion?: number | null;
}

/** Changes what a system is for, or gives it another key. One that is not active is given nothing more to do. */
export const updateProvisioningSystem: Command<UpdateSystemInput, SystemResult> = {
  name: 'provisioningSystem.update',
  duplicates,
  async run(work, { systemId: id, expectedVersion, ...input }) {
    requirePermission('manageProvisioningSystems', work.actor, null);
    const system = await work.em.findOne(ProvisioningSystem, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!system) throw Refusal.notFound('provisioning system', ['systemId']);
    requireVersion(system.version, expectedVersion);
    if (input.name !== undefined) system.name = await requireName(work, input.name, id);
    if (input.apiKeyId !== undefined) system.apiKeyId = await requireKey(work, input.apiKeyId, id);
    if (input.productCodes !== undefined) system.productCodes = await requireProducts(work, input.productCodes);
    if (input.duties !== undefined) system.duties = requireDuties(input.duties);
    if (input.isActive !== undefined) system.isActive = input.isActive;
    system.updatedAt = work.now;
    record(work, system, 'provisioning_system.updated');
    return { systemId: id };
  },
};

/** Says within which time access to a product is to be closed, and to be opened; for tasks that are made from now on. */
export const setProvisioningTimes: Command<
  { readonly productId: string; readonly expectedVersion?: number | null } & ProvisioningTimes,
  { readonly productId: string }
> = {
  name: 'product.setProvisioningTimes',
  async run(work, { closeWithinMinutes, openWithinMinutes, ...input }) {
    requirePermission('setProvisioningTimes', work.actor, null);
    for (const [name, minutes] of Object.entries({ closeWithinMinutes, openWithinMinutes })) {
      if (Number.isInteger(minutes) && minutes >= 1 && minutes <= longestMinutes) continue;
      throw Refusal.of('INVALID', `This is a whole number of minutes from 1 to ${longestMinutes}, which are 30 days.`, [
        name,
      ]);
    }
    return { productId: await changeProvisioningTimes(work, input, { closeWithinMinutes, openWithinMinutes }) };
  },
};

async function requireName(work: Work, text: string, ownId: string | null): Promise<string> {
  const name = requireLine(text, ['name'], longestName);
  const other = await work.em.findOne(ProvisioningSystem, { name });
  if (other && other.id !== ownId) throw Refusal.of('ALREADY_EXISTS', `There is a system “${name}” already.`, ['name']);
  return name;
}

async function requireKey(work: Work, apiKeyId: string, ownId: string | null): Promise<string> {
  const found = await sql<{ scopes: readonly string[]; isPartners: boolean; isUsable: boolean }>`
    select scopes, organization_id is not null as "isPartners",
      revoked_at is null and (expires_at is null or expires_at > ${work.now}) as "isUsable"
    from api_key where id = ${apiKeyId}`.execute(work.sql);
  const [key] = found.rows;
  if (!key || key.isPartners) throw Refusal.notFound('API key', ['apiKeyId']);
  if (!key.scopes.includes('GRANTS_PROVISION'))
    throw Refusal.of('INVALID', 'This key may not provision; make one with the scope GRANTS_PROVISION.', ['apiKeyId']);
  if (!key.isUsable) throw Refusal.of('INVALID', 'This key is expired or revoked; make a new one.', ['apiKeyId']);
  const other = await work.em.findOne(ProvisioningSystem, { apiKeyId });
  if (other && other.id !== ownId)
    throw Refusal.of('ALREADY_EXISTS', `The system “${other.name}” has this key already.`, ['apiKeyId']);
  return apiKeyId;
}

async function requireProducts(work: Work, codes: readonly string[]): Promise<string[]> {
  if (codes.length === 0) throw Refusal.of('REQUIRED', 'Name the products that the system is for.', ['productCodes']);
  if (codes.length > mostProducts)
    throw Refusal.of('LIMIT_REACHED', `A system is for at most ${mostProducts} products.`, ['productCodes']);
  const found = await sql<{ code: string }>`select code from product where code = any(${[...codes]}::text[])`.execute(
    work.sql,
  );
  const known = found.rows.map(({ code }) => code);
  const strange = codes.findIndex((code) => !known.includes(code));
  if (strange < 0) return [...new Set(codes)].sort();
  const sentence = `There is no product “${codes[strange]?.slice(0, 60)}”; the query \`products\` lists them.`;
  throw Refusal.of('NOT_FOUND', sentence, ['productCodes', String(strange)]);
}

function requireDuties(duties: readonly SystemDuty[]): SystemDuty[] {
  const held = allSystemDuties.filter((duty) => duties.includes(duty));
  if (held.length === 0)
    throw Refusal.of('REQUIRED', `Give at least one of ${allSystemDuties.join(', ')}.`, ['duties']);
  return held;
}

function record(
  work: Work,
  { id, name, apiKeyId, productCodes, duties, isActive }: ProvisioningSystem,
  event: 'provisioning_system.registered' | 'provisioning_system.updated',
): void {
  work.record({
    event,
    payload: {
      systemId: encodeId('provisioningsystem', id),
      name,
      apiKeyId: encodeId('apikey', apiKeyId),
      productCodes,
      duties,
      isActive: isActive ? 'YES' : 'NO',
    },
    subject: { kind: 'provisioningsystem', id },
    organizationId: null,
  });
}
