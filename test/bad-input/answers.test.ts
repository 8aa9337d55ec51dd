import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { completeAnswers, completeDraft } from '../../src/demo/applying.js';
import type { PortalClient } from '../../src/demo/portal-client.js';
import { look, type Partner, Story } from '../journeys/story.js';
import { changesNothing, complaint, refused, send } from './bad-input-desk.js';

/** An object that nests one in another so many levels deep. */
function nested(levels: number): object {
  return levels === 1 ? { end: true } : { in: nested(levels - 1) };
}

describe('answers to the questionnaire', () => {
  let story: Story;
  let partner: Partner;
  let owner: PortalClient;
  let session: string;
  let applicationId: string;

  beforeAll(async () => {
    story = await Story.open();
    partner = await story.partner('Anna Answer', 'Answer Utilities');
    owner = partner.owner;
    session = await story.session(partner.email);
    applicationId = await story.draft(partner);
    await completeDraft(owner, applicationId);
  });
  afterAll(() => story.close());

  const save = (answers: object) => owner.must('saveDraft', { applicationId, answers });
  const kept = async () => (await look(owner, applicationId, 'answers'))?.answers;
  /** Saves one answer in the words of a request's body, which JSON.stringify would not write. */
  const saveText = async (answersJson: string) => {
    const query = 'mutation ($input: SaveDraftInput!) { saveDraft(input: $input) { errors { code message path } } }';
    const variables = `{"input":{"applicationId":${JSON.stringify(applicationId)},"answers":${answersJson}}}`;
    const { status, body } = await send(story.desk, session, {
      body: `{"query":${JSON.stringify(query)},"variables":${variables}}`,
    });
    return { status, body };
  };

  it('of the wrong type are kept in the draft, and refused at submission with the path of each', async () => {
    const wrong = {
      purpose: 'WORLD_DOMINATION',
      endUse: 42,
      seats: 'twelve',
      ownsOrAuthorized: 'yes',
      onwardAccess: ['NONE'],
      safeguards: { text: 'many' },
      favouriteColour: 'blue',
    };
    await save(wrong);
    expect(await kept()).toEqual(wrong);
    const invalid = (question: string, gist: RegExp) => complaint('INVALID', `answers.${question}`, gist);
    const complaints = await refused(story.desk, owner, 'submitApplication', { applicationId });
    expect(complaints).toEqual(
      expect.arrayContaining([
        invalid('purpose', /“Main purpose” must be equal to one of the allowed values: VULNERABILITY_DISCOVERY, /),
        invalid('endUse', /“End use” must be string/),
        invalid('seats', /“Seats” must be integer/),
        invalid('ownsOrAuthorized', /“Own or authorized systems only” must be boolean/),
        invalid('onwardAccess', /“Onward access” must be string/),
        invalid('safeguards', /“Safeguards” must be string/),
        invalid('favouriteColour', /no question "favouriteColour"/),
      ]),
    );
    expect(await kept()).toEqual(wrong);
    expect(await look(owner, applicationId, 'status submissionProblems { code path }')).toEqual({
      status: 'DRAFT',
      submissionProblems: complaints.map(({ code, path }) => ({ code, path: path?.split('.') })),
    });
  });

  it.each([
    ['too short', { endUse: 'x' }, 'endUse', /must NOT have fewer than 40 characters/],
    ['only white space', { endUse: ' \n\t'.repeat(1) }, 'endUse', /fewer than 40/],
    ['empty', { endUse: '' }, 'endUse', /fewer than 40/],
    ['too long', { endUse: 'x'.repeat(8001) }, 'endUse', /more than 8000 characters/],
    ['not whole', { seats: 1.5 }, 'seats', /must be integer/],
    ['below the range', { seats: -1 }, 'seats', /must be >= 1/],
    ['above the range', { seats: 1e300 }, 'seats', /must be <= 1000/],
    ['false where true is needed', { ownsOrAuthorized: false }, 'ownsOrAuthorized', /must be equal to constant/],
  ])('that are %s are kept, and refused at submission', async (_what, answers, question, gist) => {
    await save({ ...completeAnswers, safeguards: null, favouriteColour: null, ...answers });
    expect(await kept()).toEqual({ ...completeAnswers, ...answers });
    expect(await refused(story.desk, owner, 'submitApplication', { applicationId })).toEqual(
      expect.arrayContaining([complaint('INVALID', `answers.${question}`, gist)]),
    );
  });

  it.each([
    ['emoji and combining characters', '👩🏽‍💻 e\u0301 \u202e ﷽'],
    ['white space at both ends', '  as typed  '],
    ['an empty text', ''],
    ['markup', '<script>alert(1)</script>'],
    ['SQL', "'; drop table application; --"],
    ['a template', `\${7*7} {{7*7}} %s %n`],
    ['characters that are no characters', '\ufffe\uffff\u{10ffff}'],
    ['8,000 lines', '\n'.repeat(8000)],
  ])('hold %s just as they were given', async (_what, text) => {
    await save({ safeguards: text });
    expect(await kept()).toMatchObject({ safeguards: text });
  });

  it.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype', '%', '%41', '~1', 'a/b', ''])(
    'to a question called "%s" are kept like any other, and refused at submission',
    async (name) => {
      await save(Object.fromEntries([[name, 'here']]));
      expect(Object.entries((await kept()) ?? {})).toContainEqual([name, 'here']);
      expect(await refused(story.desk, owner, 'submitApplication', { applicationId })).toContainEqual(
        complaint('INVALID', `answers.${name}`, /has no question/),
      );
      await save(Object.fromEntries([[name, null]]));
      expect(Object.keys((await kept()) ?? {})).not.toContain(name);
    },
  );

  it('never reach the prototype of anything', async () => {
    const before = await kept();
    for (const json of [
      '{"__proto__":{"polluted":true}}',
      '{"safeguards":{"__proto__":{"polluted":true}}}',
      '{"constructor":{"prototype":{"polluted":true}}}',
      '{"\\u005f_proto__":{"polluted":true}}',
    ]) {
      const { status } = await changesNothing(story.desk, () => saveText(json));
      expect(status).toBe(400);
    }
    const literal = `mutation { saveDraft(input: { applicationId: "${applicationId}", answers: { __proto__: { polluted: true } } })
      { application { answers } errors { code path message } } }`;
    const { data } = await changesNothing(story.desk, () => owner.request(literal));
    expect(data).toEqual({
      saveDraft: {
        application: null,
        errors: [{ code: 'INVALID', path: ['answers', '__proto__'], message: expect.stringMatching(/__proto__/) }],
      },
    });
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(await kept()).toEqual(before);
  });

  it('must be texts that can be stored', async () => {
    const [half, otherHalf] = ['\ud800', 'x\udc00'];
    expect(await refused(story.desk, owner, 'saveDraft', { applicationId, answers: { safeguards: half } })).toEqual([
      complaint('INVALID', 'answers.safeguards', /well-formed Unicode/),
    ]);
    expect(
      await refused(story.desk, owner, 'saveDraft', {
        applicationId,
        answers: { list: [{ deep: ['ok', otherHalf] }] },
      }),
    ).toEqual([complaint('INVALID', 'answers.list.0.deep.1', /well-formed Unicode/)]);
    expect(await refused(story.desk, owner, 'saveDraft', { applicationId, answers: { [`a${half}`]: 'x' } })).toEqual([
      complaint('INVALID', `answers.a${half}`, /well-formed Unicode/),
    ]);
    for (const json of ['{"safeguards":"a\\u0000b"}', '{"a\\u0000b":1}']) {
      expect(await changesNothing(story.desk, () => saveText(json))).toEqual({
        status: 400,
        body: {
          errors: [
            { message: 'Text must not contain the NUL character (\\u0000).', extensions: { code: 'BAD_REQUEST' } },
          ],
        },
      });
    }
  });

  it('must be numbers that can be stored', async () => {
    for (const number of ['1e999', '-1e999', '[1,{"deep":1e400}]']) {
      const { status, body } = await changesNothing(story.desk, () => saveText(`{"seats":${number}}`));
      expect([status, body.data.saveDraft.errors]).toMatchObject([200, [{ code: 'INVALID' }]]);
      expect(body.data.saveDraft.errors[0].path.slice(0, 2)).toEqual(['answers', 'seats']);
    }
    await save({ seats: 1e300 });
    expect(await kept()).toMatchObject({ seats: 1e300 });
    await save({ seats: -0.1e-300 });
    expect(await kept()).toMatchObject({ seats: -1e-301 });
  });

  it('may take 256 KiB in all, however they are spread over requests', async () => {
    await save({ safeguards: 'x'.repeat(200_000) });
    const before = await kept();
    expect(
      await refused(story.desk, owner, 'saveDraft', { applicationId, answers: { endUse: '€'.repeat(30_000) } }),
    ).toEqual([
      complaint('LIMIT_REACHED', 'answers', /may take 262144 bytes, and these take \d{6}\. Upload long texts as doc/),
    ]);
    expect(await kept()).toEqual(before);
    await save({ safeguards: null });
  });

  it('may nest, but not without end', async () => {
    const deep = nested(50);
    await save({ safeguards: deep });
    expect(await kept()).toMatchObject({ safeguards: deep });
    const answer = await changesNothing(story.desk, () => saveText(JSON.stringify({ safeguards: nested(61) })));
    expect(answer).toMatchObject({
      status: 400,
      body: { errors: [{ message: expect.stringMatching(/nested more than 64 levels/) }] },
    });
    await save({ safeguards: null });
  });

  it.each(['null', '[]', '"text"', '7', 'true'])('must be an object, not %s', async (json) => {
    const { status, body } = await changesNothing(story.desk, () => saveText(json));
    expect([status, body.errors]).toMatchObject([
      400,
      [{ message: expect.stringMatching(/\$input/), extensions: { code: 'BAD_USER_INPUT' } }],
    ]);
  });
});
