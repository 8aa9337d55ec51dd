import { fable, holdersOf, type June, mythos } from './june-beginning.js';
import type { PartnerOfJune } from './june-people.js';
import { textAt, valueAt } from './portal-client.js';
import { expectAmong, expectSame, soon } from './story.js';

const minute = 60_000;

/** When each of five grants is closed, in minutes from the halt on: the last one after 31. */
const closedAfter = [7, 14, 20, 25, 31];

/** An application that came while nobody could be let in. */
export interface Newcomer {
  readonly partner: PartnerOfJune;
  readonly proposal: { readonly applicationId: string; readonly decisionId: string };
}

/** 15 June, 17:21: one person halts both products at once, and another answers for it the next morning. */
export async function juneHalts(june: June): Promise<void> {
  const { story, people, receiver, machine } = june;
  const grantIds = [...holdersOf(june).map(({ grantId }) => grantId), june.fableGrantId];
  story.chapter('15 June, 17:21: a letter halts both products');
  people.clock.turnTo('2026-06-15T17:05:00Z');
  await story.step(
    'Rafael looks whom a halt would hit, by a record that binds nothing: five grants, four partners',
    () => foreseen(june, grantIds),
  );
  people.clock.turnTo('2026-06-15T17:21:00Z');
  const halt = await story.step(
    'he orders the emergency halt alone; every grant is refused from that moment on',
    async () => {
      const letter = { ...letterOf(june, 'BTS-2026-041'), products: [mythos, fable] };
      const rafael = await people.staff('Rafael');
      const made = await rafael.must('orderEmergencyHalt', letter, 'directive { id status isEmergency inForceSince }');
      for (const grantId of grantIds) expectSame(await people.grant(grantId, 'isUsable'), { isUsable: false });
      expectAmong((await people.check(june.larkspur, mythos, june.larkspur.userId)).reasons, ['PRODUCT_HALTED']);
      return { id: textAt(made, 'directive', 'id'), since: textAt(made, 'directive', 'inForceSince') };
    },
  );
  await story.step('each is marked as suspended, and a signed webhook tells of each', async () => {
    await receiver.hasHeard(['directive.in_force']);
    await soon(async () => {
      const told = receiver.messages.filter(({ type }) => type === 'grant.suspended');
      expectSame(told.map(({ body }) => textAt(body, 'data', 'grantId')).sort(), [...grantIds].sort());
      expectSame(receiver.forged, 0);
    });
  });
  await story.step('the check of access says DENY: halted, and suspended by the release', async () => {
    const denied = { decision: 'DENY', reasons: ['PRODUCT_HALTED', 'SUSPENDED_BY_RELEASE'] };
    for (const holder of holdersOf(june)) expectSame(await people.check(holder, mythos, holder.userId), denied);
    expectSame(await people.check(june.larkspur, fable), denied);
  });
  await story.step('a registered system closes access, and another sees that it is closed', async () => {
    const closed = await machine.work((done) => {
      const after = closedAfter[done];
      if (after) people.clock.turnTo(new Date(Date.parse(halt.since) + after * minute).toISOString());
    });
    expectSame([closed, await machine.look(), machine.open.size], [5, 5, 0]);
  });
  people.clock.turnTo('2026-06-16T08:40:00Z');
  await story.step('the next morning Rafael cannot ratify his own halt; Dana does', async () => {
    const { errors } = await (await people.staff('Rafael')).command('ratifyHalt', { directiveId: halt.id });
    expectSame(errors[0]?.code, 'FOUR_EYES');
    await (await people.staff('Dana')).must('ratifyHalt', { directiveId: halt.id });
  });
  await story.step('the certificate: five of five closed and seen to be, 31 minutes after the halt', async () => {
    const counts = 'isComplete toBeMarked hit open overdue closed verified';
    const found = await (await people.staff('Dana')).ask(
      `query ($id: ID!) { directive(id: $id) { ratifiedBy { name } completion { ${counts} lastClosedAt } } }`,
      { id: halt.id },
    );
    expectSame(valueAt(found, 'directive', 'ratifiedBy'), { name: 'Dana' });
    const { lastClosedAt, ...counted } = valueAt(found, 'directive', 'completion') as Record<string, unknown>;
    expectSame(
      { ...counted },
      { isComplete: true, toBeMarked: 0, hit: 5, open: 0, overdue: 0, closed: 5, verified: 5 },
    );
    expectSame(Math.floor((Date.parse(String(lastClosedAt)) - Date.parse(halt.since)) / minute), 31);
  });
}

/** 17 to 24 June: Tidewater applies all the same. */
export async function juneGoesOn(june: June): Promise<Newcomer> {
  const { story, people } = june;
  story.chapter('17 to 24 June: an application meanwhile');
  people.clock.turnTo('2026-06-17T10:00:00Z');
  const newcomer = await story.step('Tidewater applies for 30 seats, and Saskia proposes to approve', async () => {
    const partner = await people.partner('Tidewater Utilities District', 'WATER_AND_WASTEWATER', 30);
    return { partner, proposal: await people.proposed(partner, june.programId) };
  });
  people.clock.turnTo('2026-06-24T11:00:00Z');
  await story.step(
    'Hugo’s countersignature is refused while the halt lasts (approval in principle is not built)',
    async () => {
      const hugo = await people.staff('Hugo');
      const { errors } = await hugo.command('countersignDecision', newcomer.proposal);
      expectSame(errors[0]?.code, 'NOT_ALLOWED_NOW');
      expectSame(await people.check(newcomer.partner, mythos), {
        decision: 'DENY',
        reasons: ['PRODUCT_HALTED', 'NO_GRANT'],
      });
    },
  );
  return newcomer;
}

/** What every letter of the authority has. */
export function letterOf({ authorityId, people }: June, reference: string) {
  const now = people.clock.now().toISOString();
  const times = { issuedAt: now, receivedAt: now, effectiveAt: now };
  return { authorityId, reference, summary: 'As the letter says.', ...times };
}

async function foreseen(june: June, grantIds: readonly string[]): Promise<void> {
  const rafael = await june.people.staff('Rafael');
  const letter = { ...letterOf(june, 'BTS-2026-041, rehearsed'), kind: 'HALT', terms: { products: [mythos, fable] } };
  const directiveId = textAt(await rafael.must('recordDirective', letter, 'directive { id }'), 'directive', 'id');
  const found = await rafael.ask(
    `query ($id: ID!) { directivePreview(id: $id) { suspended(first: 100) { nodes { id } } permittedAgain(first: 1) { totalCount }
      organizationsOut(first: 100) { nodes { id } } products { code before after } } }`,
    { id: directiveId },
  );
  const idsOf = (list: string) => {
    const nodes = valueAt(found, 'directivePreview', list, 'nodes') as readonly unknown[];
    return nodes.map((node) => textAt(node, 'id')).sort();
  };
  expectSame(idsOf('suspended'), [...grantIds].sort());
  expectSame(
    idsOf('organizationsOut'),
    holdersOf(june)
      .map(({ organizationId }) => organizationId)
      .sort(),
  );
  await rafael.must('withdrawDirective', { directiveId, reason: 'Recorded to look whom it would hit.' });
}
