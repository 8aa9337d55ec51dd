import { fable, type June, mythos, opened } from './june-beginning.js';
import { letterOf, type Newcomer } from './june-halt.js';
import { textAt, valueAt } from './portal-client.js';
import { expectSame, soon } from './story.js';

const condition = 'Own assets only, reviewed after 90 days.';

/** 26 June: a letter names who may use Mythos 5 again. @returns the directive */
export async function juneDetermines(june: June, { partner: tidewater }: Newcomer): Promise<string> {
  const { story, people, cascadia, larkspur, harrow } = june;
  const printed = [
    [cascadia.name, cascadia.organizationId, 'The name and the registration number.'],
    ['Larkspur Incident Respons LLC', larkspur.organizationId, 'The registration number; the name is misspelt.'],
    [harrow.name, harrow.organizationId, 'The name and the registration number.'],
    [tidewater.name, tidewater.organizationId, 'The name and the registration number.'],
    ['Ostrander Pipeline Authority', null, ''],
  ] as const;
  story.chapter('26 June: a letter with an annex');
  people.clock.turnTo('2026-06-26T14:00:00Z');
  const made = await story.step('Rafael records it: Mythos 5 for five printed names, under a condition', async () => {
    const terms = { products: [mythos], conditions: [condition], foreignPersons: 'EXEMPT', operatorStaff: 'EXEMPT' };
    const entries = printed.map(([name]) => ({ name, effect: 'PERMITS' }));
    const letter = { ...letterOf(june, 'BTS-2026-058'), kind: 'AUTHORIZE', terms, entries };
    const fields = 'directive { id entries { nodes { id printedName status } } }';
    return (await people.staff('Rafael')).must('recordDirective', letter, fields);
  });
  const directiveId = textAt(made, 'directive', 'id');
  await story.step(
    'four are matched with evidence, one of them misspelt; one is nobody’s here and stays so',
    async () => {
      const rafael = await people.staff('Rafael');
      for (const [place, [, organizationId, evidence]] of printed.entries()) {
        const entryId = textAt(made, 'directive', 'entries', 'nodes', place, 'id');
        if (organizationId)
          await rafael.must('matchDirectiveEntry', { entryId, status: 'MATCHED', organizationId, evidence });
      }
      const found = await rafael.ask(
        'query ($id: ID!) { directive(id: $id) { entries { nodes { status organization { legalName } } } } }',
        { id: directiveId },
      );
      const matched = (legalName: string) => ({ status: 'MATCHED', organization: { legalName } });
      expectSame(valueAt(found, 'directive', 'entries', 'nodes'), [
        ...[cascadia, larkspur, harrow, tidewater].map(({ name }) => matched(name)),
        { status: 'UNMATCHED', organization: null },
      ]);
    },
  );
  await story.step(
    'the preview: three grants may come back, and Tidewater may be let in; Meridian is not on the annex',
    () =>
      foreseen(
        june,
        directiveId,
        [cascadia, larkspur, harrow, tidewater].map(({ organizationId }) => organizationId),
      ),
  );
  await story.step(
    'he cannot put it in force himself; Dana does: Mythos 5 is limited, Fable 5 halted still',
    async () => {
      const { errors } = await (await people.staff('Rafael')).command('putDirectiveInForce', { directiveId });
      expectSame(errors[0]?.code, 'FOUR_EYES');
      const dana = await people.staff('Dana');
      await dana.must('putDirectiveInForce', { directiveId });
      expectSame(
        await dana.ask(
          `{ m: product(code: "${mythos}") { releaseStatus } f: product(code: "${fable}") { releaseStatus } }`,
        ),
        { m: { releaseStatus: 'LIMITED' }, f: { releaseStatus: 'HALTED' } },
      );
    },
  );
  return directiveId;
}

async function foreseen(june: June, id: string, organizationIds: readonly string[]): Promise<void> {
  const found = await (await june.people.staff('Dana')).ask(
    `query ($id: ID!) { directivePreview(id: $id) { suspended(first: 1) { totalCount } organizationsOut(first: 1) { totalCount }
      permittedAgain(first: 100) { nodes { id } } organizationsIn(first: 100) { nodes { id } } } }`,
    { id },
  );
  const idsOf = (list: string) => {
    const nodes = valueAt(found, 'directivePreview', list, 'nodes') as readonly unknown[];
    return nodes.map((node) => textAt(node, 'id')).sort();
  };
  const again = [june.cascadia, june.larkspur, june.harrow].map(({ grantId }) => grantId);
  expectSame(idsOf('permittedAgain'), again.sort());
  expectSame(idsOf('organizationsIn'), [...organizationIds].sort());
  expectSame(valueAt(found, 'directivePreview', 'suspended', 'totalCount'), 0);
}

/** From 26 to 27 June: new terms are asked for, and those on the annex are let in again, in two batches. */
export async function juneRestores(june: June, directiveId: string): Promise<void> {
  const { story, people, machine, cascadia, meridian, larkspur, harrow } = june;
  story.chapter('26 and 27 June: terms again, and access again');
  await story.step('Rafael publishes new terms and asks every holder for them; Larkspur accepts', () =>
    termsAgain(june),
  );
  await story.step(
    'he plans the restoration in two batches, hospitals first, and cannot confirm it; Dana does',
    async () => {
      const rafael = await people.staff('Rafael');
      const plan = {
        productId: await productId(june),
        reason: 'BTS-2026-058 permits it again.',
        ordering: 'PRIORITY',
        priorityIds: [harrow.organizationId, larkspur.organizationId],
        batches: [
          { opensAt: people.clock.now().toISOString(), capacityOrganizations: 2 },
          { opensAt: '2026-06-27T09:00:00Z' },
        ],
      };
      const made = await rafael.must('planRestoration', plan, 'restoration { id }');
      const restorationId = textAt(made, 'restoration', 'id');
      const { errors } = await rafael.command('confirmRestoration', { restorationId });
      expectSame(errors[0]?.code, 'FOUR_EYES');
      await (await people.staff('Dana')).must('confirmRestoration', { restorationId });
    },
  );
  await story.step(
    'the first batch lets in Harrow Valley and Larkspur, once access is open in the product',
    async () => {
      for (const { grantId } of [harrow, larkspur]) await opened(people, machine, grantId);
      expectSame(await people.grant(cascadia.grantId, 'status'), { status: 'SUSPENDED' });
    },
  );
  people.clock.turnTo('2026-06-27T09:00:00Z');
  await story.step('the second lets in Cascadia the next morning, and the restoration is complete', async () => {
    await people.turn('grants.restore');
    await opened(people, machine, cascadia.grantId);
    const dana = await people.staff('Dana');
    await soon(async () =>
      expectSame(await dana.ask(`{ restorations(productCode: "${mythos}") { status batches { restored } } }`), {
        restorations: [{ status: 'COMPLETED', batches: [{ restored: 2 }, { restored: 1 }] }],
      }),
    );
  });
  await story.step('each of the three names the letter and carries its condition', async () => {
    for (const { grantId } of [cascadia, larkspur, harrow])
      expectSame(await people.grant(grantId, 'permittedBy conditions'), {
        permittedBy: [directiveId],
        conditions: [condition],
      });
  });
  await story.step('Meridian stays suspended, and Fable 5 halted; the check of access tells both apart', async () => {
    expectSame(await people.grant(meridian.grantId, 'status'), { status: 'SUSPENDED' });
    expectSame(await people.check(larkspur, mythos, larkspur.userId), { decision: 'ALLOW', reasons: [] });
    expectSame(await people.check(meridian, mythos, meridian.userId), {
      decision: 'DENY',
      reasons: ['ORGANIZATION_NOT_IN_SCOPE', 'SUSPENDED_BY_RELEASE'],
    });
    expectSame(await people.check(larkspur, fable), {
      decision: 'DENY',
      reasons: ['PRODUCT_HALTED', 'SUSPENDED_BY_RELEASE'],
    });
  });
}

async function termsAgain({ people, programId, larkspur, harrow }: June): Promise<void> {
  const terms = { label: 'v2', body: 'As before; and logs of use are kept for two years.' };
  const made = await (await people.staff('Rafael')).must(
    'publishProgramTerms',
    { programId, terms, reacceptBy: '2026-07-10T12:00:00Z' },
    'program { currentVersion { terms { id } } }',
  );
  const termsId = textAt(made, 'program', 'currentVersion', 'terms', 'id');
  await people.turn('attestations.ask');
  const asked = async ({ email, organizationId }: typeof larkspur) => {
    const query = `query ($id: ID!) { organization(id: $id) { attestations { terms { label } givenBy { name } } } }`;
    const found = await (await people.as(email)).ask(query, { id: organizationId });
    return valueAt(found, 'organization', 'attestations');
  };
  const notYet = [{ terms: { label: 'v2' }, givenBy: null }];
  await soon(async () => expectSame([await asked(larkspur), await asked(harrow)], [notYet, notYet]));
  const owner = await people.as(larkspur.email);
  await owner.must('acceptOrganizationTerms', { organizationId: larkspur.organizationId, termsId });
  const given = [{ terms: { label: 'v2' }, givenBy: { name: 'Larkspur access desk' } }];
  expectSame([await asked(larkspur), await asked(harrow)], [given, notYet]);
}

async function productId({ people }: June): Promise<string> {
  return textAt(await (await people.staff('Dana')).ask(`{ product(code: "${mythos}") { id } }`), 'product', 'id');
}

/** 29 and 30 June: new grants need a place, and Tidewater waits for one. */
export async function juneWaits(june: June, { partner: tidewater, proposal }: Newcomer): Promise<void> {
  const { story, people, machine } = june;
  story.chapter('29 and 30 June: places');
  people.clock.turnTo('2026-06-29T09:00:00Z');
  await story.step('Rafael plans a wave of 20 seats, and Dana confirms it', () =>
    wave(june, 'First', 20, people.clock.now().toISOString()),
  );
  const grantId = await story.step(
    'Hugo’s countersignature counts now; Tidewater asks for 30 seats and waits, first in line',
    async () => {
      const id = await people.countersigned(proposal);
      expectSame(await people.grant(id, 'status place { status position seats }'), {
        status: 'WAITLISTED',
        place: { status: 'WAITING', position: 1, seats: 30 },
      });
      expectSame(await people.check(tidewater, mythos), { decision: 'DENY', reasons: ['WAITLISTED'] });
      return id;
    },
  );
  await story.step('a second wave of 40 seats is confirmed for the next morning', () =>
    wave(june, 'Second', 40, '2026-06-30T09:00:00Z'),
  );
  people.clock.turnTo('2026-06-30T09:00:00Z');
  await story.step('it opens, and Tidewater is let in under the condition of the letter', async () => {
    await people.turn('waves.turn');
    await opened(people, machine, grantId);
    expectSame(await people.grant(grantId, 'conditions place { status wave { name } }'), {
      conditions: [condition],
      place: { status: 'HELD', wave: { name: 'Second' } },
    });
    expectSame(await people.check(tidewater, mythos), { decision: 'ALLOW', reasons: [] });
  });
}

async function wave(june: June, name: string, capacitySeats: number, opensAt: string): Promise<void> {
  const input = { productId: await productId(june), name, capacitySeats, opensAt };
  const made = await (await june.people.staff('Rafael')).must('planWave', input, 'wave { id }');
  await (await june.people.staff('Dana')).must('confirmWave', { waveId: textAt(made, 'wave', 'id') });
}
