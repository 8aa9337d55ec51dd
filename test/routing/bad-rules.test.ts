import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { encodeId, randomIds } from '../../src/platform/ids.js';
import { RoutingDesk, rule } from './routing-desk.js';

let desk: RoutingDesk;
let reviewerId: string;

beforeAll(async () => {
  desk = await RoutingDesk.open();
  reviewerId = await desk.staffId(await desk.story.staff('REVIEWER'));
  await desk.defineFlag('sensitive');
}, 120_000);
afterAll(() => desk.story.close());

const at = 'workflow.routing.0';
const somewhere = { queue: 'somewhere' };

it.each<[string, object, string, RegExp]>([
  ['does nothing', {}, at, /does nothing: say a queue/],
  ['has a key that is none', { key: 'Not A Key', ...somewhere }, `${at}.key`, /lower-case words joined by hyphens/],
  ['has no name', { name: ' ', ...somewhere }, `${at}.name`, /needs a name/],
  ['is about a stage that there is not', { at: ['nowhere'], ...somewhere }, `${at}.at.0`, /one of intake, screening, /],
  ['goes to a queue that cannot be', { queue: 'Some Where' }, `${at}.queue`, /A queue is named by/],
  ['has an empty condition', { when: [{}], ...somewhere }, `${at}.when.0`, /this says 0/],
  [
    'has a condition that is two',
    { when: [{ countryIn: ['NL'], flaggedWith: ['sensitive'] }], ...somewhere },
    `${at}.when.0`,
    /this says 2/,
  ],
  [
    'names a country that is none',
    { when: [{ countryIn: ['nl'] }], ...somewhere },
    `${at}.when.0.countryIn.0`,
    /capital/,
  ],
  ['names no sector', { when: [{ sectorIn: [] }], ...somewhere }, `${at}.when.0.sectorIn`, /at least one/],
  [
    'asks for a flag that is not defined',
    { when: [{ flaggedWith: ['unheard-of'] }], ...somewhere },
    `${at}.when.0.flaggedWith.0`,
    /no flag "unheard-of" that can be raised: those are sensitive/,
  ],
  [
    'asks for an answer to no question',
    { when: [{ answer: { path: ['colour'], equals: 'red' } }], ...somewhere },
    `${at}.when.0.answer.path`,
    /no question "colour" there: it has .*endUse/,
  ],
  [
    'compares an answer with nothing',
    { when: [{ answer: { path: ['seats'] } }], ...somewhere },
    `${at}.when.0.answer`,
    /one of equals, in and greaterThan; this says 0/,
  ],
  [
    'raises a flag that is not defined',
    { raiseFlags: [{ flag: 'new', on: 'APPLICATION' }] },
    `${at}.raiseFlags.0.flag`,
    /no flag/,
  ],
  [
    'raises a flag that expires at once',
    { raiseFlags: [{ flag: 'sensitive', on: 'APPLICATION', expiresAfterDays: 0 }] },
    `${at}.raiseFlags.0.expiresAfterDays`,
    /from 1 to 3660/,
  ],
  [
    'gives to a role that cannot work there',
    { at: ['decision'], role: 'INTAKE' },
    `${at}.role`,
    /does not handle the stage “decision”: DECIDER/,
  ],
  ['gives to a role everywhere', { role: 'REVIEWER' }, `${at}.role`, /does not handle the stage “intake”/],
  ['has somebody step in for nobody', { ...somewhere, fallbackIds: [] as string[] }, '', /^$/],
])('a rule that %s cannot be published, and it is said why', async (_what, changes, path, message) => {
  const found = await desk.complaints(rule('the-rule', changes));
  if (path === '') expect(found).toEqual([]);
  else expect(found).toEqual([{ at: `INVALID ${path}`, message: expect.stringMatching(message) }]);
});

it('rules name people who work for the operator and can work there, once', async () => {
  const nobody = encodeId('staff', randomIds.next());
  const complaints = async (changes: object) => (await desk.complaints(rule('a', changes))).map((one) => one.at);
  expect(await complaints({ at: ['screening'], reviewerIds: [nobody] })).toEqual([`INVALID ${at}.reviewerIds.0`]);
  expect(await complaints({ at: ['decision'], reviewerIds: [reviewerId] })).toEqual([`INVALID ${at}.reviewerIds.0`]);
  const twice = { at: ['screening'], reviewerIds: [reviewerId, reviewerId] };
  expect(await complaints(twice)).toEqual([`INVALID ${at}.reviewerIds.1`]);
  expect(await complaints({ ...somewhere, fallbackIds: [reviewerId] })).toContain(`INVALID ${at}.fallbackIds`);
  expect(await complaints({ at: ['screening'], reviewerIds: [reviewerId] })).toEqual([]);
});

it('there are at most a hundred rules, each with a key of its own', async () => {
  const many = Array.from({ length: 101 }, (_, number) => rule(`rule-${number}`, somewhere));
  expect(await desk.complaints(...many)).toEqual([
    { at: 'INVALID workflow.routing', message: 'A workflow has at most 100 routing rules, and these are 101.' },
  ]);
  const same = await desk.complaints(rule('same', somewhere), rule('same', somewhere));
  expect(same.map((one) => one.at)).toEqual(['INVALID workflow.routing.1.key']);
});
