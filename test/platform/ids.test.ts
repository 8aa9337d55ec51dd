import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TypeID } from 'typeid-js';
import { decodeId, encodeId, idKinds } from '../../src/platform/ids.js';

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
