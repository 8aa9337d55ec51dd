import type { Client } from 'pg';

/** What is asked for by whom: objects and people of the data set, always the same ones. */
export interface Sample {
  readonly staffTokens: readonly string[];
  readonly queues: readonly string[];
  /** What staff search for: an organization's name, a word of one application, two common words, a reference. */
  readonly searches: readonly string[];
  /** Applications beyond screening, each with three documents and ten events; no command changes them. */
  readonly applicationIds: readonly string[];
  readonly partners: readonly { readonly token: string; readonly personId: string; readonly organizationId: string }[];
  readonly grants: readonly { readonly id: string; readonly token: string }[];
  /** Drafts that can be submitted, each with the session of an owner. */
  readonly drafts: readonly { readonly id: string; readonly token: string }[];
  /** Applications at screening, which can be left. */
  readonly screened: readonly string[];
}

/** How many objects reads are spread over. */
const most = 2000;

/** The session of a person of a partner, found by the number that is in the address. */
const tokenOf = (person: string) => `bench.session_token('partner', substring(${person}.email from '[0-9]+')::bigint)`;

export async function readSample(client: Client): Promise<Sample> {
  const rows = async <Row extends object>(text: string): Promise<readonly Row[]> =>
    (await client.query<Row>(text)).rows;
  const ids = async (text: string): Promise<readonly string[]> =>
    (await rows<{ id: string }>(text)).map(({ id }) => id);
  return {
    staffTokens: (
      await rows<{ token: string }>(
        `select bench.session_token('staff', n) as token from generate_series(0, 39) as n where n % 4 <> 3`,
      )
    ).map(({ token }) => token),
    queues: ['intake', 'technical-review', 'decision'],
    searches: (
      await rows<{ text: string }>(
        `select case n % 4 when 0 then legal_name when 1 then word when 2 then pair else reference end as text from (
          select row_number() over (order by md5(a.id::text)) as n, a.reference, o.legal_name,
            regexp_replace(o.legal_name, ' [0-9]+$', '') as pair, substring(a.answers ->> 'endUse' from '[0-9a-f]{32}$') as word
          from application as a join organization as o on o.id = a.organization_id
          where a.submitted_at is not null order by md5(a.id::text) limit ${most}) as found order by n`,
      )
    ).map(({ text }) => text),
    applicationIds: await ids(
      `select id from application where stage_key in ('technical-review', 'decision') order by md5(id::text) limit ${most}`,
    ),
    partners: await rows(
      `select ${tokenOf('u')} as token, u.id as "personId", m.organization_id as "organizationId"
        from membership as m join auth_user as u on u.id = m.user_id where m.role = 'OWNER' order by md5(m.id::text) limit ${most}`,
    ),
    grants: await rows(
      `select g.id, ${tokenOf('u')} as token from access_grant as g
        join membership as m on m.organization_id = g.organization_id and m.role = 'APPLICANT' join auth_user as u on u.id = m.user_id
        order by md5(g.id::text) limit ${most}`,
    ),
    drafts: await rows(
      `select c.id, ${tokenOf('u')} as token from bench.candidate as c join auth_user as u on u.id = c.submitter
        where c.status = 'DRAFT' order by md5(c.id::text)`,
    ),
    screened: await ids(`select id from bench.candidate where status = 'IN_REVIEW' order by md5(id::text)`),
  };
}
