import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { changesBetween, type RevisionContent } from '../../src/lifecycle/revision-changes.js';

function changedAnswers(before: unknown, after: unknown) {
  return changesBetween({ answers: before, documents: [] }, { answers: after, documents: [] }).answers;
}

const statement = { documentId: 'document_1', requirementKey: 'end-use-statement', fileName: 'end-use.pdf' };
const evidence = { documentId: 'document_2', requirementKey: 'supporting-evidence', fileName: 'evidence.pdf' };

describe('what changed between two revisions', () => {
  it('is nothing when they say the same', () => {
    const content: RevisionContent = { answers: { seats: 12, sites: ['A', { city: 'B' }] }, documents: [statement] };
    expect(changesBetween(content, structuredClone(content))).toEqual({ answers: [], documents: [] });
    expect(changedAnswers({ one: 1, other: 2 }, { other: 2, one: 1 })).toEqual([]);
  });

  it('names answers that were given, changed and taken away', () => {
    expect(changedAnswers({ seats: 12, purpose: 'A', note: null }, { seats: 20, endUse: 'B', note: null })).toEqual([
      { path: ['seats'], before: 12, after: 20 },
      { path: ['purpose'], before: 'A' },
      { path: ['endUse'], after: 'B' },
    ]);
  });

  it('goes as deep as the answers do', () => {
    const before = { sites: [{ city: 'Delft', seats: 3 }, { city: 'Breda' }], contact: { name: 'Olga' } };
    const after = { sites: [{ city: 'Delft', seats: 4 }], contact: { name: 'Olga', phone: '1' } };
    expect(changedAnswers(before, after)).toEqual([
      { path: ['sites', '0', 'seats'], before: 3, after: 4 },
      { path: ['sites', '1'], before: { city: 'Breda' } },
      { path: ['contact', 'phone'], after: '1' },
    ]);
  });

  it('tells a list from an object, and null from nothing', () => {
    expect(changedAnswers({ sites: ['A'] }, { sites: { 0: 'A' } })).toEqual([
      { path: ['sites'], before: ['A'], after: { 0: 'A' } },
    ]);
    expect(changedAnswers({ sites: null }, { sites: {} })).toEqual([{ path: ['sites'], before: null, after: {} }]);
    expect(changedAnswers({}, { note: null })).toEqual([{ path: ['note'], after: null }]);
  });

  it('takes questions by any name', () => {
    expect(changedAnswers({}, { constructor: 'A', toString: { deep: 1 } })).toEqual([
      { path: ['constructor'], after: 'A' },
      { path: ['toString'], after: { deep: 1 } },
    ]);
    const named: unknown = JSON.parse('{"__proto__": {"seats": 2}}');
    expect(changedAnswers({}, named)).toEqual([{ path: ['__proto__'], after: { seats: 2 } }]);
  });

  it('names the documents that came and went, by what they are and not by their name', () => {
    const replaced = { ...statement, documentId: 'document_3' };
    expect(
      changesBetween(
        { answers: {}, documents: [statement, evidence] },
        { answers: {}, documents: [evidence, replaced] },
      ),
    ).toEqual({
      answers: [],
      documents: [
        { kind: 'REMOVED', ...statement },
        { kind: 'ADDED', ...replaced },
      ],
    });
  });
});

describe('what changed between any two revisions', () => {
  it('is nothing exactly when they say the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (before, after) => {
        const [one, other] = [overTheWire(before), overTheWire(after)];
        expect(changedAnswers(one, overTheWire(before))).toEqual([]);
        expect(changedAnswers(one, other).length === 0).toBe(sortedText(one) === sortedText(other));
      }),
    );
  });

  it('leads from the one to the other', () => {
    const answers = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(answers, answers, (before, after) => {
        const changes = changedAnswers(overTheWire(before), overTheWire(after));
        let made: unknown = overTheWire(before);
        // A list grows at its end and shrinks from its end.
        for (const change of changes) if ('after' in change) made = put(made, change.path, { value: change.after });
        for (const change of changes.toReversed()) if (!('after' in change)) made = put(made, change.path, null);
        expect(sortedText(made)).toBe(sortedText(overTheWire(after)));
      }),
    );
  });
});

/** As values are after they were stored and read. */
function overTheWire(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** JSON with the names of every object in order. */
function sortedText(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}

/** The value with another part at a path, or without it. */
function put(whole: unknown, path: readonly string[], part: { value: unknown } | null): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return part?.value;
  if (typeof whole !== 'object' || whole === null) throw new Error(`There is nothing at ${path.join('.')}.`);
  const parts = new Map<string, unknown>(Object.entries(whole));
  if (rest.length === 0 && part === null) parts.delete(name);
  else parts.set(name, rest.length === 0 ? part?.value : put(parts.get(name), rest, part));
  const order = [...parts].sort(([one], [other]) => Number(one) - Number(other));
  return Array.isArray(whole) ? order.map(([, value]) => value) : Object.fromEntries(parts);
}
