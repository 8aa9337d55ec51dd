import { encodeId } from '../../src/platform/ids.js';
import { nth, type PostgraphilePart, type Workload } from './workload.js';

/** PostGraphile's plain update of what the command changes in the application's own row. */
const plainUpdate: PostgraphilePart = {
  document: `mutation Update($id: UUID!, $patch: ApplicationPatch!) {
    updateApplicationByRowId(input: { rowId: $id, applicationPatch: $patch }) {
      application { rowId status }
    }
  }`,
  compared: null,
  differs: 'a plain update of one row: no rules, no audit record, no job, no clock',
};

const changedAt = '2025-11-20T10:00:00.000Z';

export const submit: Workload = {
  name: 'submit',
  describes: 'submit a draft: rules, update, revision, clock, audit record, job',
  kind: 'command',
  document: `mutation Submit($id: ID!) {
    submitApplication(input: { applicationId: $id }) { application { id status } errors { code message } }
  }`,
  withMercurius: false,
  postgraphile: plainUpdate,
  asks: ({ drafts }) =>
    drafts.map(({ id, token }) => ({
      token,
      variables: { id: encodeId('application', id) },
      rowVariables: {
        id,
        patch: {
          status: 'SUBMITTED',
          revision: 1,
          version: 11,
          queue: 'intake',
          submittedAt: changedAt,
          stageEnteredAt: changedAt,
          dueAt: changedAt,
          updatedAt: changedAt,
        },
      },
    })),
};

export const advance: Workload = {
  name: 'advance',
  describes: 'advance to the next stage: rules, update, clock, audit record, job',
  kind: 'command',
  document: `mutation Advance($id: ID!) {
    advanceStage(input: { applicationId: $id }) { application { id status } errors { code message } }
  }`,
  withMercurius: false,
  postgraphile: plainUpdate,
  asks: ({ screened, staffTokens }) =>
    screened.map((id, position) => ({
      token: nth(staffTokens, position),
      variables: { id: encodeId('application', id) },
      rowVariables: {
        id,
        patch: {
          stageKey: 'technical-review',
          queue: 'technical-review',
          assigneeId: null,
          version: 11,
          stageEnteredAt: changedAt,
          dueAt: changedAt,
          updatedAt: changedAt,
        },
      },
    })),
};
