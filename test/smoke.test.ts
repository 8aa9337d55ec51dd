import { describe, expect, it } from '@jest/globals';
import { decodeId, encodeId, randomIds } from '../src/platform/ids.js';

describe('ids', () => {
  it('round-trips', () => {
    const id = randomIds.next();
    expect(decodeId('application', encodeId('application', id))).toBe(id);
  });
});
