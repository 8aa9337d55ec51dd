import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { registerOrganization, startApplication } from '../../src/demo/applying.js';
import type { PortalClient } from '../../src/demo/portal-client.js';
import { textAt } from '../../src/demo/portal-client.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { listAt, look, Story } from '../journeys/story.js';
import { complaint, refused } from './bad-input-desk.js';

const { version } = sampleProgram;
const { workflow } = version;
const [screening, review, decision] = workflow.stages;
const [requirement] = version.documentRequirements;

type Version = typeof version;
const withVersion = (changes: Partial<Version>) => ({ version: { ...version, ...changes } });
const withWorkflow = (changes: object) => withVersion({ workflow: { ...workflow, ...changes } });
const withStages = (...stages: object[]) => withWorkflow({ stages });
const withQuestionnaire = (questionnaire: Record<string, unknown>) => withVersion({ questionnaire });
const withDocuments = (...documentRequirements: object[]) => ({ version: { ...version, documentRequirements } });

const hours = /Working hours are a number: a whole one from 1 to 2000/;

/** What is wrong with a program, and what its author is told. */
const impossible: readonly (readonly [what: string, changes: object, path: string, gist: RegExp])[] = [
  ['a code in capitals', { code: 'Trusted' }, 'code', /lower-case words joined by hyphens/],
  ['an empty code', { code: '' }, 'code', /lower-case words/],
  ['a code of 61 characters', { code: 'x'.repeat(61) }, 'code', /at most 60 characters/],
  ['a product code with a slash', { productCode: 'a/b' }, 'productCode', /lower-case words/],
  ['a blank name', { name: ' \t' }, 'name', /1 to 200 characters/],
  ['a name of 201 characters', { name: 'x'.repeat(201) }, 'name', /1 to 200 characters/],
  ['a summary of 2,001 characters', { summary: 'x'.repeat(2001) }, 'summary', /1 to 2000 characters/],
  ['a blank product name', { productName: '' }, 'productName', /1 to 200 characters/],
  ['grants of no months', withVersion({ grantMonths: 0 }), 'version.grantMonths', /1 to 120 months/],
  ['grants of 121 months', withVersion({ grantMonths: 121 }), 'version.grantMonths', /1 to 120 months/],
  ['terms without a label', withVersion({ terms: { label: ' ', body: 'x' } }), 'version.terms.label', /need a label/],
  ['terms without a text', withVersion({ terms: { label: 'x', body: '\n' } }), 'version.terms.body', /need a text/],
  [
    'a questionnaire of a list',
    withQuestionnaire({ type: 'array' }),
    'version.questionnaire',
    /"type": "object" at its root/,
  ],
  [
    'a questionnaire that is no schema',
    withQuestionnaire({ type: 'object', properties: { a: { type: 'colour' } } }),
    'version.questionnaire',
    /not a usable JSON Schema.*type/s,
  ],
  [
    'a misspelt keyword',
    withQuestionnaire({ type: 'object', properties: { a: { type: 'string', maxLenght: 3 } } }),
    'version.questionnaire',
    /maxLenght/,
  ],
  [
    'an unknown format',
    withQuestionnaire({ type: 'object', properties: { a: { type: 'string', format: 'lei' } } }),
    'version.questionnaire',
    /unknown format "lei"/,
  ],
  [
    'a pattern that is none',
    withQuestionnaire({ type: 'object', properties: { a: { type: 'string', pattern: '(' } } }),
    'version.questionnaire',
    /regular expression/i,
  ],
  [
    'a reference to nothing',
    withQuestionnaire({ type: 'object', properties: { a: { $ref: '#/$defs/nothing' } } }),
    'version.questionnaire',
    /can't resolve reference/,
  ],
  [
    'a reference to another address',
    withQuestionnaire({ type: 'object', properties: { a: { $ref: 'https://example.org/schema.json' } } }),
    'version.questionnaire',
    /can't resolve reference/,
  ],
  [
    'an older dialect of JSON Schema',
    withQuestionnaire({ $schema: 'http://json-schema.org/draft-04/schema#', type: 'object' }),
    'version.questionnaire',
    /draft-04/,
  ],
  [
    'a questionnaire that is checked some time later',
    withQuestionnaire({ $async: true, type: 'object', required: ['a'], properties: { a: { type: 'string' } } }),
    'version.questionnaire',
    /\$async/,
  ],
  ['no stage', withStages(), 'version.workflow.stages', /decision stage is missing.*at least one stage/],
  [
    'twenty-one stages',
    withStages(...Array.from({ length: 20 }, (_, n) => ({ ...screening, key: `stage-${n}` })), { ...decision }),
    'version.workflow.stages',
    /at most 20 stages/,
  ],
  [
    'two stages of one key',
    withStages({ ...screening }, { ...review, key: 'screening' }, { ...decision }),
    'version.workflow.stages.1.key',
    /Two stages have the key "screening"/,
  ],
  ['a stage without a name', withStages({ ...decision, name: '' }), 'version.workflow.stages.0.name', /needs a name/],
  ['a stage with a bad key', withStages({ ...decision, key: 'A B' }), 'version.workflow.stages.0.key', /not "A B"/],
  [
    'a stage with a bad queue',
    withStages({ ...decision, queue: '' }),
    'version.workflow.stages.0.queue',
    /queue is named/,
  ],
  [
    'a first stage that nobody can move on from',
    withStages({ ...screening, advanceBy: [] }, { ...decision }),
    'version.workflow.stages.0.advanceBy',
    /Nobody could move an application on/,
  ],
  [
    'a last stage that can be moved on from',
    withStages({ ...decision, advanceBy: ['DECIDER'] }),
    'version.workflow.stages.0.advanceBy',
    /decision stage is missing.*decided, not moved on/s,
  ],
  [
    'a stage that an auditor is to move on from',
    withStages({ ...screening, advanceBy: ['AUDITOR', 'INTAKE'] }, { ...decision }),
    'version.workflow.stages.0.advanceBy',
    /AUDITOR cannot move applications on; INTAKE, REVIEWER, DECIDER, PROGRAM_MANAGER can/,
  ],
  [
    'no recommendations that are asked for',
    withStages({ ...decision, requiredRecommendations: [{ role: 'REVIEWER', count: 0 }] }),
    'version.workflow.stages.0.requiredRecommendations.0.count',
    /1 to 10/,
  ],
  [
    'more recommendations than there are reviewers',
    withStages({ ...decision, requiredRecommendations: [{ role: 'REVIEWER', count: 3 }] }),
    'version.workflow.stages.0.requiredRecommendations.0.count',
    /3 REVIEWER, all by different people, and of the staff 2 are REVIEWER/,
  ],
  [
    'a check that nobody can mark',
    withStages({ ...decision, requiredChecks: [{ key: 'known', title: 'Known', by: [] }] }),
    'version.workflow.stages.0.requiredChecks.0.by',
    /Nobody could mark this check/,
  ],
  [
    'a document that is never asked for',
    withStages({ ...decision, requiredDocuments: ['passport'] }),
    'version.workflow.stages.0.requiredDocuments.0',
    /no document "passport": those are end-use-statement, security-program, supporting-evidence/,
  ],
  [
    'a calendar of no zone',
    withWorkflow({ calendar: { ...workflow.calendar, timeZone: 'Mars/Olympus' } }),
    'version.workflow.calendar.timeZone',
    /Europe\/Amsterdam, not "Mars\/Olympus"/,
  ],
  [
    'a day off that is no day',
    withWorkflow({ calendar: { ...workflow.calendar, holidays: [{ date: '2026-02-30', name: 'None' }] } }),
    'version.workflow.calendar.holidays.0.date',
    /not "2026-02-30"/,
  ],
  [
    'deadlines that nobody hears of',
    withWorkflow({ escalateTo: 'AUDITOR' }),
    'version.workflow.escalateTo',
    /Nobody of the staff is AUDITOR, so nobody would be told/,
  ],
  [
    'no time for a stage',
    withStages({ ...decision, slaWorkingHours: 0 }),
    'version.workflow.stages.0.slaWorkingHours',
    hours,
  ],
  [
    'no time for intake',
    withWorkflow({ intake: { queue: 'intake', slaWorkingHours: 2001 } }),
    'version.workflow.intake.slaWorkingHours',
    hours,
  ],
  [
    'a bad intake queue',
    withWorkflow({ intake: { queue: 'In take', slaWorkingHours: 8 } }),
    'version.workflow.intake.queue',
    /queue is named/,
  ],
  [
    'no time to countersign',
    withWorkflow({ countersignWithinWorkingHours: -1 }),
    'version.workflow.countersignWithinWorkingHours',
    hours,
  ],
  [
    'appeals for more than a year',
    withWorkflow({ appealWithinDays: 366 }),
    'version.workflow.appealWithinDays',
    /0 to 365/,
  ],
  [
    'two documents of one key',
    withDocuments({ ...requirement }, { ...requirement }),
    'version.documentRequirements.1.key',
    /Two requirements have the key/,
  ],
  [
    'a document with a bad key',
    withDocuments({ ...requirement, key: '..' }),
    'version.documentRequirements.0.key',
    /not "\.\."/,
  ],
  [
    'a document without a title',
    withDocuments({ ...requirement, title: '' }),
    'version.documentRequirements.0.title',
    /needs a title/,
  ],
  [
    'a document with the key that answers to questions use',
    withDocuments({ ...requirement, key: 'information-request' }),
    'version.documentRequirements.0.key',
    /"information-request" is for documents that answer questions/,
  ],
];

/** What is missing when it is blank; everything else is wrong. */
const missing = ['version.terms.label', 'version.terms.body', 'version.documentRequirements.0.title'];

describe('a program that cannot work', () => {
  let story: Story;
  let manager: PortalClient;

  beforeAll(async () => {
    story = await Story.open();
    manager = await story.staff('PROGRAM_MANAGER');
    await story.takeOnEverybody();
  });
  afterAll(() => story.close());

  it.each(impossible)('is refused with %s', async (_what, changes, path, gist) => {
    const code = missing.includes(path) ? 'REQUIRED' : 'INVALID';
    const input = { ...sampleProgram, code: 'impossible', ...changes };
    expect(await refused(story.desk, manager, 'createProgram', input)).toEqual([complaint(code, path, gist)]);
  });

  it('is refused as a new version, too', async () => {
    const input = { programId: story.programId, ...withVersion({ grantMonths: -1 }) };
    expect(await refused(story.desk, manager, 'publishProgramVersion', input)).toEqual([
      complaint('INVALID', 'version.grantMonths', /1 to 120 months/),
    ]);
  });

  it('is told everything that is wrong with it at once', async () => {
    const input = { ...sampleProgram, code: '!', name: '', ...withVersion({ grantMonths: 0 }) };
    const complaints = await refused(story.desk, manager, 'createProgram', input);
    expect(complaints.map(({ path }) => path)).toEqual(['code', 'name', 'version.grantMonths']);
  });

  it('is refused when its code is taken, or its terms have the label of others', async () => {
    expect(await refused(story.desk, manager, 'createProgram', { ...sampleProgram })).toEqual([
      complaint('ALREADY_EXISTS', 'code', /"trusted-defenders" already/),
    ]);
    const other = withVersion({ terms: { ...version.terms, body: 'Other terms under the same label.' } });
    expect(
      await refused(story.desk, manager, 'publishProgramVersion', { programId: story.programId, ...other }),
    ).toEqual([complaint('ALREADY_EXISTS', 'version.terms.label', /published with another text/)]);
  });

  it('is nothing that others than program managers create', async () => {
    for (const role of ['ADMIN', 'AUDITOR', 'DECIDER'] as const) {
      const input = { ...sampleProgram, code: 'another' };
      expect(await refused(story.desk, await story.staff(role), 'createProgram', input)).toEqual([
        complaint('FORBIDDEN', undefined, /It takes PROGRAM_MANAGER/),
      ]);
    }
  });

  it('takes no applications while it is closed, and is not closed twice', async () => {
    await manager.must('setProgramStatus', { programId: story.programId, status: 'CLOSED' });
    expect(
      await refused(story.desk, manager, 'setProgramStatus', { programId: story.programId, status: 'CLOSED' }),
    ).toEqual([complaint('NOT_ALLOWED_NOW', '', /CLOSED already/)]);
    const partner = await story.partner('Carl Closed', 'Closed Utilities');
    const { organizationId } = partner;
    expect(
      await refused(story.desk, partner.owner, 'startApplication', { organizationId, programId: story.programId }),
    ).toEqual([complaint('NOT_ALLOWED_NOW', 'programId', /takes no new applications/)]);
  });

  it('is none with peculiar names of questions, whose problems are told by their path', async () => {
    const names = ['100%', 'a/b', '~tilde', '%zz', 'ünï', 'constructor', '__proto'];
    const properties = Object.fromEntries(names.map((name) => [name, { type: 'integer' }]));
    const created = await manager.must(
      'createProgram',
      {
        ...sampleProgram,
        code: 'peculiar',
        version: { ...version, questionnaire: { type: 'object', properties }, documentRequirements: [] },
      },
      'program { id }',
    );
    const owner = await story.desk.person('Petra Peculiar');
    const organizationId = await registerOrganization(owner, 'Peculiar Utilities', 'P-1');
    const applicationId = await startApplication(owner, organizationId, textAt(created, 'program', 'id'));
    await owner.must('saveDraft', { applicationId, answers: Object.fromEntries(names.map((name) => [name, 'x'])) });
    const seen = await look(owner, applicationId, 'submissionProblems { path message }');
    const problems = listAt(seen, 'submissionProblems');
    expect(problems).toHaveLength(names.length + 1);
    expect(problems).toEqual(
      expect.arrayContaining([
        ...names.map((name) => ({ path: ['answers', name], message: `${name} must be integer.` })),
        { path: ['terms'], message: expect.stringMatching(/not been accepted/) },
      ]),
    );
  });
});
