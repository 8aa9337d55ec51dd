import { describe, expect, it } from '@jest/globals';
import { allGrantStatuses } from '../../src/lifecycle/grant.js';
import {
  dueAt,
  isSurelyOpen,
  retryDelay,
  ruleOnTask,
  ruleOnTaskRole,
  type TaskUnderWay,
  taskCalledFor,
  usualTimes,
} from '../../src/lifecycle/provisioning.js';
import { now, staff } from './situations.js';

const opening: TaskUnderWay = { kind: 'PROVISION', attempts: 0 };
const ended = ['EXPIRED', 'REVOKED', 'SURRENDERED'] as const;

describe('what is to be done in a product', () => {
  it('is to open access for a grant that waits, nothing for an active one, and to close it for any other that is open', () => {
    const open = { provisionedAt: now, deprovisionedAt: null };
    const statuses = allGrantStatuses.filter((status) => status !== 'WAITLISTED' && status !== 'APPROVED_IN_PRINCIPLE');
    const called = statuses.map((status) => [status, taskCalledFor({ status, ...open }, null)]);
    expect(Object.fromEntries(called)).toEqual({
      PENDING_PROVISIONING: 'PROVISION',
      ACTIVE: null,
      ...{ SUSPENDED: 'DEPROVISION', EXPIRED: 'DEPROVISION', REVOKED: 'DEPROVISION', SURRENDERED: 'DEPROVISION' },
    });
  });

  it('is nothing for a grant that was never opened, or is closed; but what was begun is closed', () => {
    for (const status of ['APPROVED_IN_PRINCIPLE', 'WAITLISTED', 'SUSPENDED', ...ended] as const) {
      expect(taskCalledFor({ status }, null)).toBeNull();
      expect(taskCalledFor({ status }, opening)).toBeNull();
      expect(taskCalledFor({ status, provisionedAt: now, deprovisionedAt: now }, null)).toBeNull();
      expect(taskCalledFor({ status }, { ...opening, attempts: 1 })).toBe('DEPROVISION');
    }
  });

  it('leaves access open as long as nobody has begun to close it', () => {
    const grant = { status: 'SUSPENDED', provisionedAt: now, deprovisionedAt: null } as const;
    expect(isSurelyOpen(grant, null)).toBe(true);
    expect(isSurelyOpen(grant, { kind: 'DEPROVISION', attempts: 0 })).toBe(true);
    expect(isSurelyOpen(grant, { kind: 'DEPROVISION', attempts: 1 })).toBe(false);
    expect(isSurelyOpen({ ...grant, deprovisionedAt: now }, null)).toBe(false);
  });

  it('is due within an hour when access is to be closed, and within a day otherwise', () => {
    const hours = (kind: 'DEPROVISION' | 'PROVISION') =>
      (dueAt(kind, now, usualTimes).getTime() - now.getTime()) / 3_600_000;
    expect([hours('DEPROVISION'), hours('PROVISION')]).toEqual([1, 24]);
  });

  it('is tried again after twice as long each time, up to five minutes for closing and an hour for the rest', () => {
    const seconds = (kind: 'DEPROVISION' | 'PROVISION') =>
      [1, 2, 3, 4, 5, 8, 20].map((attempts) => retryDelay(kind, attempts) / 1000);
    expect(seconds('DEPROVISION')).toEqual([30, 60, 120, 240, 300, 300, 300]);
    expect(seconds('PROVISION')).toEqual([30, 60, 120, 240, 480, 3600, 3600]);
  });

  it('is done by the system that has it in hand, and seen to by any other', () => {
    const codes = (command: 'complete' | 'fail' | 'readBack', status: 'CLAIMED' | 'DONE', by: string) =>
      ruleOnTask(command, { kind: 'PROVISION', status, systemId: 'one' }, by).map(({ code }) => code);
    expect(codes('complete', 'CLAIMED', 'one')).toEqual([]);
    expect(codes('complete', 'CLAIMED', 'another')).toEqual(['NOT_ALLOWED_NOW']);
    expect(codes('complete', 'DONE', 'one')).toEqual(['NOT_ALLOWED_NOW']);
    expect(codes('readBack', 'DONE', 'another')).toEqual([]);
    expect(codes('readBack', 'DONE', 'one')).toEqual(['FOUR_EYES']);
    expect(codes('readBack', 'CLAIMED', 'another')).toEqual(['NOT_ALLOWED_NOW']);
    expect(ruleOnTaskRole('claim', staff('PROGRAM_MANAGER')).map(({ code }) => code)).toEqual(['FORBIDDEN']);
  });
});
