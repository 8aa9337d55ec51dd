import { describe, expect, it } from '@jest/globals';
import { checkPassword, Passwords } from '../../src/identity/passwords.js';

const ann = { email: 'ann.the.example@example.org', name: 'Ann Angela Example' };
const complaint = (password: string) => checkPassword(password, ann, ['password'])[0]?.message ?? null;

describe('a password', () => {
  it('has 12 to 128 characters, counted as people count them', () => {
    expect(complaint('abcdefghijk')).toContain('12 to 128 characters; this one has 11');
    expect(complaint('abcdefghijkl')).toBeNull();
    expect(complaint('🦭🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵')).toContain('this one has 11');
    expect(complaint('abcdefgh'.repeat(16))).toBeNull();
    expect(complaint(`${'abcdefgh'.repeat(16)}x`)).toContain('this one has 129');
  });

  it('is neither the name nor the address, in whatever case or spacing', () => {
    expect(complaint('ann.the.example@EXAMPLE.org')).toContain('name or e-mail address');
    expect(complaint('Ann.The.Example')).toContain('name or e-mail address');
    expect(complaint('annangela example')).toContain('name or e-mail address');
  });

  it('is not a key held down', () => {
    expect(complaint('aaaaaaaaaaaaaaaa')).toContain('different characters');
  });

  it('is the same however a system composes its characters', async () => {
    const passwords = new Passwords();
    const kept = await passwords.hash('caf\u00e9 caf\u00e9 caf\u00e9');
    expect(await passwords.matches('cafe\u0301 cafe\u0301 cafe\u0301', kept)).toBe(true);
    expect(await passwords.matches('cafe cafe cafe', kept)).toBe(false);
    expect(await passwords.matches('anything at all', null)).toBe(false);
  });

  it('made by the portal is acceptable, legible and never the same', async () => {
    const passwords = new Passwords();
    const made = await Promise.all(Array.from({ length: 20 }, () => passwords.oneTime()));
    for (const { password, passwordHash } of made) {
      expect(password).toMatch(/^([2-9a-hjkmnp-z]{4}-){4}[2-9a-hjkmnp-z]{4}$/);
      expect(complaint(password)).toBeNull();
      expect(await passwords.matches(password, passwordHash)).toBe(true);
    }
    expect(new Set(made.map(({ password }) => password)).size).toBe(20);
  });
});
