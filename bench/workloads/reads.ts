import { encodeId, type IdKind } from '../../src/platform/ids.js';
import type { Sample } from '../dataset/sample.js';
import { type Ask, nth, type Workload } from './workload.js';

/** What PostGraphile answers, as far as it is compared. */
interface Row {
  readonly rowId: string;
  readonly reference: string;
  readonly status: string;
  readonly version: number;
}

interface Nodes<Node> {
  readonly nodes: readonly Node[];
}

interface EventRow {
  readonly event: string;
  readonly at: string;
}

interface QueueRow extends Row {
  readonly dueAt: string;
  readonly organizationByOrganizationId: object;
  readonly staffMemberByAssigneeId: { readonly authUserByUserId: object } | null;
  readonly timelineEventsByApplicationId: Nodes<EventRow>;
}

const moment = (text: string) => new Date(text).toISOString();
const basicsOf = ({ rowId, reference, status, version }: Row) => ({
  id: encodeId('application', rowId),
  reference,
  status,
  version,
});
const assigneeOf = (row: Pick<QueueRow, 'staffMemberByAssigneeId'>) =>
  row.staffMemberByAssigneeId && { person: row.staffMemberByAssigneeId.authUserByUserId };
const eventOf = ({ event, at }: EventRow) => ({ type: event, occurredAt: moment(at) });

/** Asks about one object, by its id. */
function byId(kind: IdKind, id: string, token: string): Ask {
  return { token, variables: { id: encodeId(kind, id) }, rowVariables: { id } };
}

export const queue: Workload = {
  name: 'queue',
  describes: '50 applications of a queue with organization, assignee and last event, for staff',
  kind: 'read',
  document: `query Queue($name: String!) {
    queue(name: $name, first: 50) {
      nodes {
        id reference status dueAt version
        organization { legalName country }
        assignee { person { name } }
        timeline(first: 1) { nodes { type occurredAt } }
      }
    }
  }`,
  withMercurius: true,
  postgraphile: {
    document: `query Queue($name: String!) {
      allApplications(condition: { queue: $name }, orderBy: [DUE_AT_ASC, PRIMARY_KEY_ASC], first: 50) {
        nodes {
          rowId reference status dueAt version
          organizationByOrganizationId { legalName country }
          staffMemberByAssigneeId { authUserByUserId { name } }
          timelineEventsByApplicationId(first: 1, orderBy: [SEQUENCE_DESC]) { nodes { event at } }
        }
      }
    }`,
    compared: {
      portal: (data) => data.queue,
      postgraphile: ({ allApplications }: { allApplications?: Nodes<QueueRow> }) => ({
        nodes: allApplications?.nodes.map((row) => ({
          ...basicsOf(row),
          dueAt: moment(row.dueAt),
          organization: row.organizationByOrganizationId,
          assignee: assigneeOf(row),
          timeline: { nodes: row.timelineEventsByApplicationId.nodes.map(eventOf) },
        })),
      }),
    },
    differs: 'nobody is kept from what they may not see',
  },
  asks: ({ queues, staffTokens }) =>
    staffTokens.flatMap((token) => queues.map((name) => ({ token, variables: { name }, rowVariables: { name } }))),
};

interface DetailRow extends Omit<QueueRow, 'dueAt'> {
  readonly dueAt: string | null;
  readonly submittedAt: string;
  readonly organizationByOrganizationId: { readonly rowId: string };
  readonly programByProgramId: object;
  readonly documentsByApplicationId: Nodes<{
    readonly rowId: string;
    readonly size: string;
    readonly completedAt: string;
  }>;
  readonly timelineEventsByApplicationId: Nodes<EventRow & { readonly rowId: string }>;
}

/** The same object with the id of its row as the API writes it. */
function withApiId<Found extends { readonly rowId: string }>(kind: IdKind, { rowId, ...others }: Found) {
  return { id: encodeId(kind, rowId), ...others };
}

export const detail: Workload = {
  name: 'detail',
  describes: 'one application with 3 documents and 10 events, for staff',
  kind: 'read',
  document: `query Detail($id: ID!) {
    application(id: $id) {
      id reference status dueAt submittedAt version
      organization { id legalName country sector }
      program { code name }
      assignee { person { name } }
      documents { id fileName mediaType size sha256 status completedAt }
      timeline(first: 10) { nodes { id type occurredAt } }
    }
  }`,
  withMercurius: true,
  postgraphile: {
    document: `query Detail($id: UUID!) {
      applicationByRowId(rowId: $id) {
        rowId reference status dueAt submittedAt version
        organizationByOrganizationId { rowId legalName country sector }
        programByProgramId { code name }
        staffMemberByAssigneeId { authUserByUserId { name } }
        documentsByApplicationId { nodes { rowId fileName mediaType size sha256 status completedAt } }
        timelineEventsByApplicationId(first: 10, orderBy: [SEQUENCE_DESC]) { nodes { rowId event at } }
      }
    }`,
    compared: {
      portal: (data) => data.application,
      postgraphile: ({ applicationByRowId: row }: { applicationByRowId?: DetailRow }) =>
        row && {
          ...basicsOf(row),
          dueAt: row.dueAt && moment(row.dueAt),
          submittedAt: moment(row.submittedAt),
          organization: withApiId('organization', row.organizationByOrganizationId),
          program: row.programByProgramId,
          assignee: assigneeOf(row),
          documents: row.documentsByApplicationId.nodes.map((document) => ({
            ...withApiId('document', document),
            size: Number(document.size),
            completedAt: moment(document.completedAt),
          })),
          timeline: {
            nodes: row.timelineEventsByApplicationId.nodes.map((event) => ({
              id: encodeId('event', event.rowId),
              ...eventOf(event),
            })),
          },
        },
    },
    differs: 'nobody is kept from what they may not see',
  },
  asks: ({ applicationIds, staffTokens }) =>
    applicationIds.map((id, position) => byId('application', id, nth(staffTokens, position))),
};

interface ListRow extends Row {
  readonly submittedAt: string | null;
  readonly programByProgramId: object;
}

export const list: Workload = {
  name: 'list',
  describes: 'the ten applications of a partner',
  kind: 'read',
  document: `query List {
    applications(first: 25) {
      nodes { id reference status submittedAt version program { name } }
      pageInfo { hasNextPage endCursor }
    }
  }`,
  withMercurius: true,
  postgraphile: {
    document: `query List($organizationId: UUID!) {
      allApplications(condition: { organizationId: $organizationId }, orderBy: [PRIMARY_KEY_DESC], first: 25) {
        nodes { rowId reference status submittedAt version programByProgramId { name } }
        pageInfo { hasNextPage endCursor }
      }
    }`,
    compared: {
      portal: ({ applications }: { applications?: Nodes<object> }) => applications?.nodes,
      postgraphile: ({ allApplications }: { allApplications?: Nodes<ListRow> }) =>
        allApplications?.nodes.map((row) => ({
          ...basicsOf(row),
          submittedAt: row.submittedAt && moment(row.submittedAt),
          program: row.programByProgramId,
        })),
    },
    differs: 'it is told whose applications it is to list',
  },
  asks: ({ partners }) =>
    partners.map(({ token, organizationId }) => ({ token, variables: {}, rowVariables: { organizationId } })),
};

export const me: Workload = {
  name: 'me',
  describes: 'who one is, by the session’s token',
  kind: 'read',
  document: `query Me { viewer { kind person { id name } memberships { organizationId role } } }`,
  withMercurius: true,
  postgraphile: {
    document: `query Me($id: UUID!) {
      authUserByRowId(rowId: $id) { rowId name membershipsByUserId { nodes { organizationId role } } }
    }`,
    compared: {
      portal: ({ viewer }: { viewer?: { person: object; memberships: readonly object[] } }) =>
        viewer && { ...viewer.person, memberships: viewer.memberships },
      postgraphile: ({ authUserByRowId: row }: { authUserByRowId?: MeRow }) =>
        row && {
          id: encodeId('person', row.rowId),
          name: row.name,
          memberships: row.membershipsByUserId.nodes.map(({ organizationId, role }) => ({
            organizationId: encodeId('organization', organizationId),
            role,
          })),
        },
    },
    differs: 'it is told who asks',
  },
  asks: ({ partners }) =>
    partners.map(({ token, personId }) => ({ token, variables: {}, rowVariables: { id: personId } })),
};

interface MeRow {
  readonly rowId: string;
  readonly name: string;
  readonly membershipsByUserId: Nodes<{ readonly organizationId: string; readonly role: string }>;
}

export const queues: Workload = {
  name: 'queues',
  describes: 'how much waits in each queue, for staff',
  kind: 'read',
  document: `query Queues { queues { name waiting overdue unassigned oldestDueAt } }`,
  withMercurius: true,
  postgraphile: null,
  asks: ({ staffTokens }: Sample) => staffTokens.map((token) => ({ token, variables: {}, rowVariables: {} })),
};

export const search: Workload = {
  name: 'search',
  describes: 'the newest 25 applications that hold some words: rare ones, common ones and both, for staff',
  kind: 'read',
  document: `query Search($search: String!) {
    applications(search: $search, first: 25) {
      nodes { id reference status submittedAt version organization { legalName } }
      pageInfo { hasNextPage endCursor }
    }
  }`,
  withMercurius: true,
  postgraphile: null,
  asks: ({ searches, staffTokens }: Sample) =>
    searches.map((text, position) => ({
      token: nth(staffTokens, position),
      variables: { search: text },
      rowVariables: {},
    })),
};

export const grant: Workload = {
  name: 'grant',
  describes: 'may this grant be used now, for its holder',
  kind: 'read',
  document: `query Grant($id: ID!) { grant(id: $id) { id status isUsable endsAt } }`,
  withMercurius: true,
  postgraphile: {
    document: `query Grant($id: UUID!) { accessGrantByRowId(rowId: $id) { rowId status startsAt endsAt } }`,
    compared: {
      portal: ({ grant: found }: { grant?: { id: string; status: string; endsAt: string } }) =>
        found && { id: found.id, status: found.status, endsAt: found.endsAt },
      postgraphile: ({
        accessGrantByRowId: row,
      }: {
        accessGrantByRowId?: Omit<Row, 'reference'> & { endsAt: string };
      }) => row && { id: encodeId('grant', row.rowId), status: row.status, endsAt: moment(row.endsAt) },
    },
    differs: 'whether it is usable is left to the caller, and nobody is kept from what they may not see',
  },
  asks: ({ grants }) => grants.map(({ id, token }) => byId('grant', id, token)),
};
