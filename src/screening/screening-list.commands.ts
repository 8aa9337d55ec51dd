import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { Command, Work } from '../doorway/command.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { catchUpQueue } from './catch-up-job.js';
import type { ListFormat } from './list-formats.js';
import { matcherVersion } from './matcher.js';
import { ScreeningList, ScreeningListVersion } from './screening-list.entity.js';

const codeForm = /^[a-z0-9]+(-[a-z0-9]+)*$/;

export interface BeginListImportInput {
  readonly code: string;
  readonly format: ListFormat;
  readonly fileName: string;
  readonly fileSha256: string;
  /** The date of the list, as its publisher says. */
  readonly listedAt: Date;
}

/**
 * Begins to import a version of a list, or goes on where an import of the same file was cut off. An unfinished import of
 * another file is given up. A file that is in force already is left alone.
 */
export const beginListImport: Command<
  BeginListImportInput,
  { versionId: string; number: number; rowsRead: number; isInForce: boolean }
> = {
  name: 'screening.beginListImport',
  async run(work, input) {
    requireCommandLine(work);
    const list = await listToImport(work, input);
    const versions = await work.em.find(ScreeningListVersion, { listId: list.id }, { orderBy: { number: 'desc' } });
    const same = versions.find(
      ({ fileSha256, status }) => fileSha256 === input.fileSha256 && (status === 'IN_FORCE' || status === 'IMPORTING'),
    );
    if (same) return begun(same);
    for (const unfinished of versions.filter(({ status }) => status === 'IMPORTING')) {
      unfinished.status = 'ABANDONED';
      await forgetStaged(work, unfinished.id);
    }
    await work.em.flush();
    const version = work.em.create(ScreeningListVersion, {
      id: work.ids.next(),
      listId: list.id,
      number: (versions[0]?.number ?? 0) + 1,
      status: 'IMPORTING',
      fileName: input.fileName,
      fileSha256: input.fileSha256,
      listedAt: input.listedAt,
      rowsRead: 0,
      entries: null,
      added: null,
      changed: null,
      removed: null,
      startedAt: work.now,
      completedAt: null,
    });
    return begun(version);
  },
};

function begun({ id, number, rowsRead, status }: ScreeningListVersion) {
  return { versionId: id, number, rowsRead, isInForce: status === 'IN_FORCE' };
}

async function listToImport(work: Work, { code, format }: BeginListImportInput): Promise<ScreeningList> {
  if (!codeForm.test(code) || code.length > 60)
    throw Refusal.of('INVALID', `A list's code is lower-case words joined by hyphens, not "${code.slice(0, 60)}".`, [
      'list',
    ]);
  const known = await work.em.findOne(ScreeningList, { code }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (known && known.format !== format)
    throw Refusal.of('INVALID', `The list ${code} is imported as ${known.format}; give another list another code.`, [
      'format',
    ]);
  if (known) return known;
  const list = work.em.create(ScreeningList, {
    id: work.ids.next(),
    code,
    format,
    matcher: matcherVersion,
    currentVersionId: null,
    version: 1,
    createdAt: work.now,
    updatedAt: work.now,
  });
  await work.em.flush();
  return list;
}

/** A file that lacks more of the entries in force than this share is more likely cut off than right. */
const mostRemoved = 0.2;
/** With so few entries, a share says nothing. */
const fewEntries = 20;

/** Entries that are written by one statement, so that none runs into a time limit. */
const writtenAtOnce = 5_000;

export interface CompleteListImportInput {
  readonly versionId: string;
  readonly acceptRemovals: boolean;
}

/**
 * Puts a version in force, at once and as a whole. Entries that are the same stay the same rows; those that changed or
 * are gone end with the version before. Everybody is screened again afterwards.
 */
export const completeListImport: Command<
  CompleteListImportInput,
  { entries: number; added: number; changed: number; removed: number }
> = {
  name: 'screening.completeListImport',
  async run(work, { versionId, acceptRemovals }) {
    requireCommandLine(work);
    const version = await work.em.findOneOrFail(ScreeningListVersion, { id: versionId });
    const list = await work.em.findOneOrFail(
      ScreeningList,
      { id: version.listId },
      { lockMode: LockMode.PESSIMISTIC_WRITE },
    );
    await work.em.refresh(version);
    if (version.status !== 'IMPORTING')
      throw Refusal.of('CONFLICT', `This import is ${version.status.toLowerCase().replace('_', ' ')} already.`);
    // So many rows at once are more than the database has heard of by itself.
    await sql`analyze screening_staged_entry, screening_entry`.execute(work.sql);
    const counts = await countChanges(work, list.id, versionId);
    if (counts.entries === 0) throw Refusal.of('INCOMPLETE', 'The file has no entries. Download it again.');
    const isCutShort = counts.removed > counts.inForce * mostRemoved && counts.inForce >= fewEntries;
    if (isCutShort && !acceptRemovals) {
      const message = `The file lacks ${counts.removed} of the ${counts.inForce} entries in force, which may mean that it is cut off. If it is right, import it again with --accept-removals.`;
      throw Refusal.of('INCOMPLETE', message);
    }
    await endEntries(work, list.id, versionId);
    await leaveUnchanged(work, list.id, versionId);
    await writeEntries(work, list.id, versionId);
    await forgetStaged(work, versionId);
    await putInForce(work, list, version, counts);
    work.enqueue(catchUpQueue, {});
    const { inForce: _before, ...told } = counts;
    return told;
  },
};

interface Changes {
  readonly inForce: number;
  readonly entries: number;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

async function countChanges({ sql: database }: Work, listId: string, versionId: string): Promise<Changes> {
  const found = await sql<Changes>`select (count(e.id))::int as "inForce", (count(s.id))::int as entries,
      (count(*) filter (where e.id is null))::int as added, (count(*) filter (where s.id is null))::int as removed,
      (count(*) filter (where e.content <> s.content))::int as changed
    from (select * from screening_entry where list_id = ${listId} and until_version_id is null) as e
    full join (select * from screening_staged_entry where version_id = ${versionId}) as s using (reference)`.execute(
    database,
  );
  const [changes] = found.rows;
  if (!changes) throw new Error('Counting always answers a row.');
  return changes;
}

async function endEntries({ sql: database }: Work, listId: string, versionId: string): Promise<void> {
  await sql`with ended as (
      update screening_entry as e set until_version_id = ${versionId}
      where e.list_id = ${listId} and e.until_version_id is null and not exists (select from screening_staged_entry as s
        where s.version_id = ${versionId} and s.reference = e.reference and s.content = e.content)
      returning e.id)
    delete from screening_name as n using ended where n.entry_id = ended.id`.execute(database);
}

/** Of what is staged, entries that are in force already need not be written. */
async function leaveUnchanged({ sql: database }: Work, listId: string, versionId: string): Promise<void> {
  await sql`delete from screening_staged_entry as s using screening_entry as e
    where s.version_id = ${versionId} and e.list_id = ${listId} and e.until_version_id is null
      and e.reference = s.reference`.execute(database);
}

async function writeEntries({ sql: database }: Work, listId: string, versionId: string): Promise<void> {
  const found = await sql<{ last: number | null }>`
    select max(line) as last from screening_staged_entry where version_id = ${versionId}`.execute(database);
  const last = found.rows[0]?.last ?? 0;
  for (let from = 0; from <= last; from += writtenAtOnce) {
    await sql`with written as (
        insert into screening_entry (id, list_id, reference, kind, names, countries, details, significance, content, since_version_id)
        select s.id, ${listId}, s.reference, s.kind,
          (select jsonb_agg(jsonb_build_object('name', n.value -> 'name', 'role', n.value -> 'role') order by n.place)
            from jsonb_array_elements(s.names) with ordinality as n (value, place)),
          s.countries, s.details, s.significance, s.content, ${versionId}
        from screening_staged_entry as s
        where s.version_id = ${versionId} and s.line >= ${from} and s.line < ${from + writtenAtOnce}
        returning id, kind, reference)
      insert into screening_name (entry_id, position, kind, name, role, text, sound, matcher)
      select w.id, n.place, w.kind, n.value ->> 'name', n.value ->> 'role', n.value ->> 'text', n.value ->> 'sound', ${matcherVersion}
      from written as w join screening_staged_entry as s on s.version_id = ${versionId} and s.reference = w.reference
      cross join jsonb_array_elements(s.names) with ordinality as n (value, place)
      where w.kind <> 'OTHER'`.execute(database);
  }
}

async function forgetStaged({ sql: database }: Work, versionId: string): Promise<void> {
  await sql`delete from screening_staged_entry where version_id = ${versionId}`.execute(database);
}

async function putInForce(
  work: Work,
  list: ScreeningList,
  version: ScreeningListVersion,
  counts: Changes,
): Promise<void> {
  const { entries, added, changed, removed } = counts;
  if (list.currentVersionId) {
    const before = await work.em.findOneOrFail(ScreeningListVersion, { id: list.currentVersionId });
    before.status = 'SUPERSEDED';
    // Written first: only one version may be in force.
    await work.em.flush();
  }
  Object.assign(version, { entries, added, changed, removed, status: 'IN_FORCE', completedAt: work.now });
  list.currentVersionId = version.id;
  list.updatedAt = work.now;
  work.record({
    event: 'screening.list_imported',
    payload: {
      listId: encodeId('screeninglist', list.id),
      code: list.code,
      number: version.number,
      sha256: version.fileSha256,
      entries,
      added,
      changed,
      removed,
    },
    subject: { kind: 'screeninglist', id: list.id },
    organizationId: null,
  });
}

/** Lists come from files on the operator's own machine; over the API nobody changes them. */
function requireCommandLine({ actor }: Work): void {
  if (actor.kind !== 'SYSTEM') throw Refusal.of('FORBIDDEN', 'Lists are imported by the command line only.');
}
