import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { KyselyPlugin } from 'kysely';
import { Application } from '../../src/applications/application.entity.js';
import { route } from '../../src/applications/routing.commands.js';
import type { Work } from '../../src/doorway/command.js';
import type { RoutingRule } from '../../src/lifecycle/workflow.js';
import { decodeId, randomIds } from '../../src/platform/ids.js';
import { bySystem } from '../support/portal.js';
import { RoutingDesk, routedBy, rule } from './routing-desk.js';

let desk: RoutingDesk;
let applicationId: string;

beforeAll(async () => {
  desk = await RoutingDesk.open();
  await desk.defineFlag('sensitive');
  applicationId = await desk.inScreening();
}, 120_000);
afterAll(() => desk.story.close());

/** How many statements it takes to route an application by these rules. */
async function statementsFor(...rules: readonly RoutingRule[]): Promise<number> {
  const { database } = desk.story.desk;
  let count = 0;
  const counter: KyselyPlugin = {
    transformQuery: ({ node }) => {
      count += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  const em = database.orm.em.fork();
  const application = await em.findOneOrFail(Application, { id: decodeId('application', applicationId) });
  const work: Work = {
    actor: bySystem.actor,
    ipAddress: null,
    now: new Date(),
    ids: randomIds,
    em,
    sql: database.kysely().withPlugin(counter),
    write: () => {},
    record: () => {},
    enqueue: () => {},
  };
  await route(work, application, routedBy(...rules));
  return count;
}

it('costs nothing where no rule is about the stage, and one statement where some are, however many', async () => {
  expect(await statementsFor()).toBe(0);
  expect(await statementsFor(rule('elsewhere', { at: ['intake', 'decision'], queue: 'elsewhere' }))).toBe(0);
  const many = Array.from({ length: 50 }, (_, number) =>
    rule(`rule-${number}`, { when: [{ flaggedWith: ['sensitive'] }, { sectorIn: ['DAMS'] }], role: 'REVIEWER' }),
  );
  expect(await statementsFor(...many)).toBe(1);
  expect(await statementsFor(...many, rule('last', { role: 'REVIEWER', fallbackIds: [], queue: 'last' }))).toBe(1);
});

it('costs one statement more for each flag that is raised', async () => {
  expect(await statementsFor(rule('flag', { raiseFlags: [{ flag: 'sensitive', on: 'APPLICATION' }] }))).toBe(2);
});
