import { type PortalClient, textAt, valueAt } from '../../../src/demo/portal-client.js';
import type { DirectiveKind } from '../../../src/lifecycle/directive.js';
import { codesOf, eventually, listAt, lookAtGrant, minute } from '../../journeys/story.js';
import { type Mishap, Mishaps } from '../../support/mishaps.js';
import { Rollout } from '../../waves/rollout.js';
import { Newcomers } from './newcomers.js';
import { Places } from './places.js';
import { type Holder, mayUse, type Order } from './reference.js';

/** What can happen; places are counted around, so that every number names something. */
export type Step =
  | {
      readonly does: 'order';
      readonly kind: Exclude<DirectiveKind, 'AMEND' | 'RESCIND'>;
      readonly authority: number;
      readonly terms: Terms;
    }
  | { readonly does: 'amend'; readonly order: number; readonly terms: Terms }
  | { readonly does: 'rescind'; readonly order: number; readonly terms: Terms }
  | { readonly does: 'pass'; readonly minutes: number }
  | { readonly does: 'reinstate'; readonly grant: number }
  | { readonly does: 'approve'; readonly sector: number }
  /** A wave for so many, unless there is one; and the end of it. */
  | { readonly does: 'wave'; readonly places: number }
  | { readonly does: 'closeWave' }
  | { readonly does: 'turn' }
  /** One of the next jobs is cut off in the middle. */
  | ({ readonly does: 'die' } & Mishap)
  | { readonly does: 'apply' }
  | { readonly does: 'restore' };

export interface Terms {
  /** In minutes from now: it may have arrived late, or take effect later. */
  readonly effective: number;
  /** In minutes after that; null when it has no end. */
  readonly lasts: number | null;
  readonly sectors: readonly string[];
  readonly named: readonly number[];
  readonly excluded: readonly number[];
}

interface Grant extends Holder {
  readonly id: string;
}

export const sectors = ['ENERGY', 'DAMS'] as const;

/** Four grants of one product, two authorities, and a history of orders that only gets longer. */
export class World {
  readonly #rollout: Rollout;
  readonly #grants: readonly Grant[];
  readonly #authorities: readonly string[];
  readonly #orders: Order[] = [];
  readonly #newcomers: Newcomers;
  readonly #places: Places;
  readonly #mishaps: Mishaps;
  #letters = 0;
  #planner: PortalClient;
  #second: PortalClient;

  private constructor(rollout: Rollout, grants: readonly Grant[], authorities: readonly string[]) {
    this.#rollout = rollout;
    this.#grants = grants;
    this.#authorities = authorities;
    this.#newcomers = new Newcomers(rollout, (holder) => this.#permits(holder));
    this.#places = new Places(rollout.productId);
    this.#mishaps = new Mishaps(rollout.story.desk.portal.doorway);
    this.#planner = rollout.planner;
    this.#second = rollout.second;
  }

  static async open(): Promise<World> {
    const rollout = await Rollout.open();
    const grants: Grant[] = [];
    for (const sector of [...sectors, ...sectors]) grants.push({ ...(await rollout.active(sector)), sector });
    const register = async (name: string) =>
      textAt(
        await rollout.planner.must('registerAuthority', { name, jurisdiction: 'US' }, 'authority { id }'),
        'authority',
        'id',
      );
    return new World(rollout, grants, [await register('Bureau of Security'), await register('Office of Exports')]);
  }

  close(): Promise<void> {
    return this.#rollout.close();
  }

  /** How many jobs were cut off so far. */
  get jobsCutOff(): number {
    return this.#mishaps.happened;
  }

  get #now(): number {
    return this.#rollout.story.desk.clock.now().getTime();
  }

  /** Begins another history: what was ordered is taken back, and everybody is let in again. */
  async beginAnew(): Promise<readonly string[]> {
    await this.#pass(minute);
    this.#newcomers.forget();
    await this.#places.close(this.#planner);
    for (const order of this.#orders.filter(({ changes }) => changes === null))
      await this.#change('RESCIND', order, late);
    return this.#restore();
  }

  /** @returns what does not agree with the model afterwards, in words */
  async happens(step: Step): Promise<readonly string[]> {
    const problems = await this.#carryOut(step);
    return [
      ...problems,
      ...(await this.#usableAgainstOrders()),
      ...(await this.#newcomers.letInAgainstOrders()),
      ...(await this.#places.overfilled(this.#planner)),
    ];
  }

  async #carryOut(step: Step): Promise<readonly string[]> {
    switch (step.does) {
      case 'order':
        return this.#order(step.kind, step.authority, step.terms);
      case 'amend':
      case 'rescind': {
        const given = this.#orders.filter(({ kind }) => kind === 'AUTHORIZE' || step.does === 'rescind');
        const whole = given.filter(({ changes }) => changes === null);
        const order = whole[step.order % Math.max(1, whole.length)];
        return order ? this.#change(step.does === 'amend' ? 'AMEND' : 'RESCIND', order, step.terms) : [];
      }
      case 'pass':
        return this.#pass(step.minutes * minute);
      case 'reinstate':
        return this.#reinstate(this.#grants[step.grant % this.#grants.length]);
      case 'approve':
        return this.#newcomers.approve(sectors[step.sector % sectors.length] ?? sectors[0]);
      case 'wave':
        await this.#places.plan(this.#planner, this.#second, step.places, moment(this.#now));
        return [];
      case 'closeWave':
        await this.#places.close(this.#planner);
        return [];
      case 'turn':
        return this.#turn();
      case 'die':
        this.#mishaps.prepare(step);
        return [];
      case 'apply':
        return this.#apply();
      case 'restore':
        return this.#restore();
    }
  }

  async #order(kind: DirectiveKind, authority: number, terms: Terms, changed: Order | null = null) {
    this.#letters += 1;
    const named = kind === 'HALT' || kind === 'RESCIND' || kind === 'DESIGNATE' ? [] : this.#idsOf(terms.named);
    const excluded = kind === 'HALT' || kind === 'RESCIND' ? [] : this.#idsOf(terms.excluded);
    if (kind === 'DESIGNATE' && excluded.length === 0) return [];
    // A moment of its own, so that nobody has to say which of two orders is the later.
    const effectiveAt = this.#now + terms.effective * minute + this.#letters;
    const expiresAt = terms.lasts === null || kind === 'RESCIND' ? null : effectiveAt + terms.lasts * minute;
    const scope = kind === 'AUTHORIZE' || kind === 'AMEND' ? terms.sectors : [];
    const products = kind === 'DESIGNATE' ? [] : ['mythos-5'];
    const said = {
      ...{ kind, reference: `L-${this.#letters}`, summary: 'As the letter says.', changesId: changed?.id ?? null },
      authorityId: this.#authorities[authority % this.#authorities.length],
      ...{ issuedAt: moment(this.#now), receivedAt: moment(this.#now), effectiveAt: moment(effectiveAt) },
      expiresAt: expiresAt === null ? null : moment(expiresAt),
      terms: kind === 'RESCIND' ? null : { products, sectors: scope },
      entries: [
        ...named.map((name) => ({ name, effect: 'PERMITS' })),
        ...excluded.map((name) => ({ name, effect: 'EXCLUDES' })),
      ],
    };
    const made = await this.#planner.must('recordDirective', said, 'directive { id }');
    const id = textAt(made, 'directive', 'id');
    await this.#match(id, [...named, ...excluded]);
    await this.#second.must('putDirectiveInForce', { directiveId: id });
    const changes = changed?.id ?? null;
    this.#orders.push({ id, authority, kind, effectiveAt, expiresAt, sectors: scope, named, excluded, changes });
    return [];
  }

  #change(kind: 'AMEND' | 'RESCIND', order: Order, terms: Terms): Promise<readonly string[]> {
    return this.#order(kind, order.authority, terms, order);
  }

  async #match(directiveId: string, organizationIds: readonly string[]): Promise<void> {
    const found = await this.#planner.ask('query ($id: ID!) { directive(id: $id) { entries { nodes { id } } } }', {
      id: directiveId,
    });
    for (const [place, organizationId] of organizationIds.entries()) {
      const entryId = textAt(listAt(found, 'directive', 'entries', 'nodes')[place], 'id');
      const match = { entryId, status: 'MATCHED', organizationId, evidence: 'Register.' };
      await this.#planner.must('matchDirectiveEntry', match);
    }
  }

  async #pass(milliseconds: number): Promise<readonly string[]> {
    this.#rollout.story.pass(milliseconds);
    this.#planner = await this.#rollout.story.staff('PROGRAM_MANAGER');
    this.#second = await this.#rollout.story.staff('PROGRAM_MANAGER', 2);
    return [];
  }

  /** Staff lift the suspension of a grant; they can exactly when the release permits it. */
  async #reinstate(grant: Grant | undefined): Promise<readonly string[]> {
    if (!grant || !(await this.#causesOf(grant)).includes('RELEASE')) return [];
    const objections = await codesOf(this.#second, 'reinstateGrant', { grantId: grant.id, reason: 'As ordered.' });
    // Each authority that keeps the organization out objects for itself.
    const codes = [...new Set(objections)];
    const expected = this.#permits(grant) ? [] : ['NOT_ALLOWED_NOW'];
    return codes.join() === expected.join()
      ? []
      : [`reinstating answered ${codes.join()}, expected ${expected.join()}`];
  }

  /** The job that marks what is shut, and lets in: afterwards none is active that is not permitted, and none waits that is. */
  async #apply(): Promise<readonly string[]> {
    await this.#rollout.story.run('release.apply');
    return told(async () => {
      for (const grant of this.#grants) {
        const causes = await this.#causesOf(grant);
        if (!this.#permits(grant) && !causes.includes('RELEASE')) throw new Error(`${grant.id} is shut and not marked`);
      }
      await this.#newcomers.requireNoneLeft();
    });
  }

  /** The job that gives places: afterwards none waits for one that is free. */
  async #turn(): Promise<readonly string[]> {
    await this.#rollout.story.run('waves.turn');
    return told(async () => {
      if (await this.#places.areFree(this.#planner)) await this.#newcomers.requireNoneWaiting();
    });
  }

  /** A restoration of everybody: afterwards none that is in scope stays suspended, and none that is not is let in. */
  async #restore(): Promise<readonly string[]> {
    const productId = this.#rollout.productId;
    const input = { productId, reason: 'As ordered.', batches: [{ opensAt: moment(this.#now) }] };
    const made = await this.#planner.must('planRestoration', input, 'restoration { id }');
    const restorationId = textAt(made, 'restoration', 'id');
    await this.#second.must('confirmRestoration', { restorationId });
    return told(async () => {
      const query = '{ restorations(productCode: "mythos-5") { id status } }';
      const seen = listAt(await this.#planner.ask(query), 'restorations');
      const status = valueAt(
        seen.find((one) => valueAt(one, 'id') === restorationId),
        'status',
      );
      if (status !== 'COMPLETED') throw new Error(`the restoration is ${String(status)}`);
      for (const grant of this.#grants) {
        const isShut = (await this.#causesOf(grant)).includes('RELEASE');
        if (isShut && this.#permits(grant)) throw new Error(`${grant.id} is in scope and stays suspended`);
      }
    });
  }

  /** At every moment, whether or not any job has run: what can be used is permitted. */
  async #usableAgainstOrders(): Promise<readonly string[]> {
    const seen = await Promise.all(this.#grants.map(({ id }) => lookAtGrant(this.#planner, id, 'isUsable status')));
    return this.#grants.flatMap((grant, place) => {
      const isUsable = valueAt(seen[place], 'isUsable') === true;
      return isUsable && !this.#permits(grant) ? [`${grant.id} can be used, and is not permitted`] : [];
    });
  }

  #permits(grant: Holder): boolean {
    return mayUse(grant, this.#orders, this.#now);
  }

  async #causesOf({ id }: Grant): Promise<readonly string[]> {
    const seen = await lookAtGrant(this.#planner, id, 'suspensions { cause liftedAt }');
    return listAt(seen, 'suspensions')
      .filter((one) => valueAt(one, 'liftedAt') === null)
      .map((one) => textAt(one, 'cause'));
  }

  #idsOf(places: readonly number[]): readonly string[] {
    return [...new Set(places.map((place) => String(this.#grants[place % this.#grants.length]?.organizationId)))];
  }
}

/** What is ordered with effect from before now. */
const late: Terms = { effective: -0.5, lasts: null, sectors: [], named: [], excluded: [] };

function moment(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** What does not come to be so in time, as a list of problems. */
function told(check: () => Promise<void>): Promise<readonly string[]> {
  return eventually(check).then(
    () => [],
    (error: unknown) => [error instanceof Error ? error.message : String(error)],
  );
}
