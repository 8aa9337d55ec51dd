import { JuneMachine } from './june-machine.js';
import type { JunePeople, PartnerOfJune } from './june-people.js';
import { textAt } from './portal-client.js';
import type { WebhookReceiver } from './receiver.js';
import { expectSame, type Story, soon } from './story.js';

export const mythos = 'mythos-5';
export const fable = 'fable-5';

/** A partner that is inside, with its grant for Mythos 5 and a person whom the grant names. */
export interface Holder extends PartnerOfJune {
  readonly grantId: string;
  readonly userId: string;
}

/** What the story of June is played with. */
export interface June {
  readonly story: Story;
  readonly people: JunePeople;
  readonly machine: JuneMachine;
  readonly receiver: WebhookReceiver;
  readonly programId: string;
  readonly authorityId: string;
  readonly cascadia: Holder;
  readonly meridian: Holder;
  readonly larkspur: Holder;
  readonly harrow: Holder;
  /** Larkspur's other grant. */
  readonly fableGrantId: string;
}

export function holdersOf({ cascadia, meridian, larkspur, harrow }: June): readonly Holder[] {
  return [cascadia, meridian, larkspur, harrow];
}

/** 1 June: four partners are inside, and whoever their grants name may use what they are for. */
export async function juneBegins(story: Story, people: JunePeople, receiver: WebhookReceiver): Promise<June> {
  story.chapter('1 June: before the letters, on a clock that the story turns');
  const setting = await story.step('Northlight releases Mythos 5 and Fable 5, by people and systems of its own', () =>
    operator(people, receiver),
  );
  const inside = async (name: string, sector: string, seats: number): Promise<Holder> => {
    const partner = await people.partner(name, sector, seats);
    return story.step(`${name} holds ${seats} seats of Mythos 5, and names who uses it`, async () => {
      const grantId = await people.granted(partner, setting.programId);
      await opened(people, setting.machine, grantId);
      return { ...partner, grantId, userId: await named(people, partner, grantId) };
    });
  };
  const cascadia = await inside('Cascadia Grid Operators', 'ENERGY', 80);
  const meridian = await inside('Meridian Pinnacle Bank', 'FINANCIAL_SERVICES', 70);
  const larkspur = await inside('Larkspur Incident Response', 'INFORMATION_TECHNOLOGY', 40);
  const harrow = await inside('Harrow Valley Hospitals', 'HEALTHCARE_AND_PUBLIC_HEALTH', 24);
  const fableGrantId = await story.step('Larkspur holds Fable 5, too', async () => {
    const grantId = await people.granted(larkspur, setting.fableProgramId);
    await opened(people, setting.machine, grantId);
    return grantId;
  });
  const june = { story, people, receiver, ...setting, cascadia, meridian, larkspur, harrow, fableGrantId };
  await story.step('the check of access says ALLOW of each of them, and of Larkspur for both products', async () => {
    const allowed = { decision: 'ALLOW', reasons: [] };
    for (const holder of holdersOf(june)) expectSame(await people.check(holder, mythos, holder.userId), allowed);
    expectSame(await people.check(larkspur, fable), allowed);
  });
  return june;
}

async function operator(people: JunePeople, receiver: WebhookReceiver) {
  await people.hire();
  const programId = await people.program('mythos-defenders', 'Mythos for defenders', mythos, 'Mythos 5');
  const fableProgramId = await people.program('fable-builders', 'Fable for builders', fable, 'Fable 5');
  const opener = await people.machine('Provisioning', 'PROVISION', [mythos, fable]);
  const reader = await people.machine('Read-back', 'READ_BACK', [mythos, fable]);
  const endpoint = { url: receiver.url, description: 'Northlight', eventTypes: [] };
  const made = await (await people.admin()).must(
    'createWebhookEndpoint',
    { organizationId: null, ...endpoint },
    'secret',
  );
  receiver.trust(textAt(made, 'secret'));
  const authority = { name: 'Bureau of Technology Security', jurisdiction: 'US' };
  const registered = await (await people.staff('Rafael')).must('registerAuthority', authority, 'authority { id }');
  const authorityId = textAt(registered, 'authority', 'id');
  return { programId, fableProgramId, authorityId, machine: new JuneMachine(opener, reader) };
}

/** The machines open access, and see that it is. */
export async function opened(people: JunePeople, machine: JuneMachine, grantId: string): Promise<void> {
  await soon(async () => {
    await machine.work();
    expectSame(await people.grant(grantId, 'status isUsable'), { status: 'ACTIVE', isUsable: true });
  });
  await machine.look();
}

async function named(people: JunePeople, { name, email }: PartnerOfJune, grantId: string): Promise<string> {
  const user = { displayName: `Analyst of ${name}`, email: email.replace('access@', 'analyst@') };
  const added = await (await people.as(email)).must(
    'addNamedUser',
    { grantId, ...user, exportStatus: 'UNRESTRICTED' },
    'namedUser { id }',
  );
  return textAt(added, 'namedUser', 'id');
}
