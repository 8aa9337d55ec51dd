import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import { directivesInForce } from '../directives/in-force.queries.js';
import type { Command, Work } from '../doorway/command.js';
import { requirePermission, requirePerson, requireText, requireVersion } from '../doorway/requirements.js';
import { type ProvisioningTimes, usualTimes } from '../lifecycle/provisioning.js';
import { permissionOf, type ReleaseStatus } from '../lifecycle/release.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { narrowProducts } from './narrowing.commands.js';
import { noteRelease } from './noting.commands.js';
import { Product } from './product.entity.js';
import { applyReleaseQueue } from './release-job.js';

const longestReason = 4000;

type ProductResult = { readonly productId: string };
interface ProductInput {
  readonly productId: string;
  readonly expectedVersion?: number | null;
}

/**
 * The product with this code, for a program that releases it; a new one when there is none. A new product is released
 * to a limited circle: those who are granted it.
 * @throws Refusal INVALID when the code is another product's
 */
export async function productCalled(work: Work, code: string, name: string): Promise<void> {
  const found = await work.em.findOne(Product, { code });
  if (found && found.name !== name)
    throw Refusal.of('INVALID', `The product “${code}” is called “${found.name}”.`, ['productName']);
  if (found) return;
  const made = work.em.create(Product, {
    id: work.ids.next(),
    code,
    name,
    statedStatus: 'LIMITED',
    proposedStatus: null,
    proposedReason: null,
    proposedBy: null,
    proposedAt: null,
    ...usualTimes,
    version: 1,
    createdAt: work.now,
    updatedAt: work.now,
  });
  await work.em.flush();
  await noteRelease(work, { productCode: code, was: 'LIMITED', is: 'LIMITED', at: work.now });
  record(work, made, 'product.created', { releaseStatus: 'LIMITED' });
}

/** Proposes what the operator states of a product's release. Another person must confirm. */
export const proposeReleaseStatus: Command<
  ProductInput & { readonly status: ReleaseStatus; readonly reason: string },
  ProductResult
> = {
  name: 'product.proposeReleaseStatus',
  async run(work, { status, reason, ...input }) {
    const product = await lockProduct(work, input);
    const person = requirePerson(work.actor);
    await requireUnbound(work, product);
    if (product.proposedStatus)
      throw Refusal.of('ALREADY_EXISTS', 'A change is proposed already; it is confirmed or declined first.');
    if (product.statedStatus === status)
      throw Refusal.of('NOT_ALLOWED_NOW', `The product is stated to be ${status} already.`, ['status']);
    product.proposedStatus = status;
    product.proposedReason = requireText(reason, ['reason'], longestReason);
    product.proposedBy = person.personId;
    product.proposedAt = work.now;
    record(work, product, 'product.release_status_proposed', { releaseStatus: status });
    return { productId: product.id };
  },
};

/** Makes the proposed statement the operator's; never by whoever proposed it, nor while a directive binds the product. */
export const confirmReleaseStatus: Command<ProductInput, ProductResult> = {
  name: 'product.confirmReleaseStatus',
  async run(work, input) {
    const product = await lockProduct(work, input);
    const status = requireProposal(product);
    if (requirePerson(work.actor).personId === product.proposedBy)
      throw Refusal.of('FOUR_EYES', 'You proposed this change; another person must confirm it.');
    await requireUnbound(work, product);
    const was = product.statedStatus;
    product.statedStatus = status;
    forgetProposal(product);
    await work.em.flush();
    await noteRelease(work, { productCode: product.code, was, is: status, at: work.now });
    if (status === 'HALTED') await narrowProducts(work, [product.code]);
    work.enqueue(applyReleaseQueue, {});
    record(work, product, 'product.release_status_changed', { releaseStatus: status });
    return { productId: product.id };
  },
};

/** Drops the proposed statement: another person's, or one's own. */
export const declineReleaseStatus: Command<ProductInput, ProductResult> = {
  name: 'product.declineReleaseStatus',
  async run(work, input) {
    const product = await lockProduct(work, input);
    const status = requireProposal(product);
    forgetProposal(product);
    record(work, product, 'product.release_status_declined', { releaseStatus: status });
    return { productId: product.id };
  },
};

/** Sets how long it may take to close access to a product, and to open it; whoever calls has asked for permission. */
export async function changeProvisioningTimes(
  work: Work,
  input: ProductInput,
  times: ProvisioningTimes,
): Promise<string> {
  const product = await findProduct(work, input);
  product.closeWithinMinutes = times.closeWithinMinutes;
  product.openWithinMinutes = times.openWithinMinutes;
  work.record({
    event: 'product.provisioning_times_set',
    payload: { productId: encodeId('product', product.id), productCode: product.code, ...times },
    subject: { kind: 'product', id: product.id },
    organizationId: null,
  });
  return product.id;
}

async function lockProduct(work: Work, input: ProductInput): Promise<Product> {
  requirePermission('stateRelease', work.actor, null);
  return findProduct(work, input);
}

async function findProduct(work: Work, { productId: id, expectedVersion }: ProductInput): Promise<Product> {
  const product = await work.em.findOne(Product, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!product) throw Refusal.notFound('product', ['productId']);
  requireVersion(product.version, expectedVersion);
  product.updatedAt = work.now;
  return product;
}

function requireProposal({ proposedStatus }: Product): ReleaseStatus {
  if (proposedStatus) return proposedStatus;
  throw Refusal.of('NOT_ALLOWED_NOW', 'No change is proposed; propose one first.');
}

function forgetProposal(product: Product): void {
  product.proposedStatus = null;
  product.proposedReason = null;
  product.proposedBy = null;
  product.proposedAt = null;
}

async function requireUnbound(work: Work, { code, statedStatus }: Product): Promise<void> {
  const { authorities } = permissionOf(code, statedStatus, await directivesInForce(work.sql), work.now);
  const [binding] = authorities;
  if (!binding) return;
  const sentence = `A directive of ${binding.authority} binds this product; it changes by directives only.`;
  throw Refusal.of('NOT_ALLOWED_NOW', sentence);
}

function record(
  work: Work,
  { id, code }: Product,
  event:
    | 'product.created'
    | 'product.release_status_proposed'
    | 'product.release_status_changed'
    | 'product.release_status_declined',
  { releaseStatus }: { readonly releaseStatus: ReleaseStatus },
): void {
  work.record({
    event,
    payload: { productId: encodeId('product', id), productCode: code, releaseStatus },
    subject: { kind: 'product', id },
    organizationId: null,
  });
}

/** @throws Refusal NOT_FOUND */
export async function codeOfProduct(work: Work, productId: string): Promise<string> {
  const product = await work.em.findOne(Product, { id: productId });
  if (product) return product.code;
  throw Refusal.notFound('product', ['productId']);
}

/** Locks products, in one order, against whatever gives access to them meanwhile. */
export async function lockProducts(work: Work, codes: readonly string[]): Promise<readonly Product[]> {
  await sql`select from product where code = any(${[...codes]}::text[]) order by code for update`.execute(work.sql);
  return work.em.find(Product, { code: { $in: [...codes] } });
}
