import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TypeID } from 'typeid-js';
import { decodeId, encodeId, idKinds, parseId, randomIds } from '../../src/platform/ids.js';

describe('an id', () => {
  it('is written as the TypeID library writes it, and read back as what it was', () => {
    fc.assert(
      fc.property(fc.constantFrom(...idKinds), fc.uuid(), (kind, uuid) => {
        const id = encodeId(kind, uuid);
        expect(id).toBe(TypeID.fromUUID(kind, uuid).toString());
        expect(decodeId(kind, id)).toBe(uuid);
      }),
    );
  });

  it('of the smallest and of the largest UUID is right, too', () => {
    expect(encodeId('grant', '00000000-0000-0000-0000-000000000000')).toBe('grant_00000000000000000000000000');
    expect(encodeId('grant', 'ffffffff-ffff-ffff-ffff-ffffffffffff')).toBe('grant_7zzzzzzzzzzzzzzzzzzzzzzzzz');
  });

  it.each(['', 'grant', '0194b816-2a80-7fe7-8df5-439d8e264d7', '0194b8162a807fe78df5439d8e264d7a'])(
    'is not made of %p',
    (text) => {
      expect(() => encodeId('grant', text)).toThrow('no UUID');
    },
  );
});

describe('a text that may be an id', () => {
  const letters = fc.stringMatching(/^[0-9a-z]{26}$/);
  const nearlyLetters = fc.string({ minLength: 25, maxLength: 27, unit: fc.constantFrom(...'07zZabuloi_ é') });
  const kindly = fc.oneof(fc.constantFrom<string>(...idKinds), fc.constantFrom('', 'Grant', 'nothing', 'grant_grant'));
  const texts = fc.oneof(
    fc.tuple(kindly, fc.oneof(letters, nearlyLetters)).map(([kind, rest]) => `${kind}_${rest}`),
    fc.string(),
  );

  it('is one if the TypeID library reads it as one of a kind that there is', () => {
    fc.assert(
      fc.property(texts, (text) => expect(digitsIn(parseId(text))).toEqual(readByLibrary(text))),
      { numRuns: 2_000 },
    );
  });

  it.each(['', '_', 'grant_', 'grant', '00000000000000000000000000', 'grant_80000000000000000000000000'])(
    'is none when it is %p',
    (text) => {
      expect(parseId(text)).toBeNull();
    },
  );
});

function digitsIn(id: ReturnType<typeof parseId>) {
  return id && { kind: id.kind, digits: id.uuid.replaceAll('-', '') };
}

/** What the library reads of it, whatever version of UUID it is. */
function readByLibrary(text: string) {
  try {
    const id = TypeID.fromString(text);
    const kind = idKinds.find((known) => known === id.getType());
    return kind ? { kind, digits: Buffer.from(id.toUUIDBytes()).toString('hex') } : null;
  } catch {
    return null;
  }
}

describe('a new database id', () => {
  it('is a UUIDv7 of this moment, and sorts after all that were made before, however many in a millisecond', () => {
    const began = Date.now();
    const ids = Array.from({ length: 20_000 }, () => randomIds.next());
    const ended = Date.now();
    const form = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    expect(ids.filter((id) => !form.test(id))).toEqual([]);
    const moments = ids.map((id) => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16));
    expect(Math.min(...moments)).toBeGreaterThanOrEqual(began);
    expect(Math.max(...moments)).toBeLessThanOrEqual(ended);
    expect(ids.every((id, place) => place === 0 || String(ids[place - 1]) < id)).toBe(true);
  });
});
