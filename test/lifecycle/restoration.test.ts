import { describe, expect, it } from '@jest/globals';
import {
  allRestorationCommands,
  asWaveOrder,
  availableRestorationCommands,
  type RestorationStatus,
  restorationStatuses,
  ruleOnRestoration,
} from '../../src/lifecycle/restoration.js';
import { staff } from './situations.js';

const codes = (ruling: readonly { readonly code: string }[]) => ruling.map(({ code }) => code);
const manager = staff('PROGRAM_MANAGER');

describe('a restoration', () => {
  it('is confirmed by another program manager than planned it', () => {
    const planned = { status: 'PLANNED', plannedBy: 'another' } as const;
    expect(codes(ruleOnRestoration('confirm', planned, manager))).toEqual([]);
    expect(codes(ruleOnRestoration('confirm', { ...planned, plannedBy: 'somebody' }, manager))).toEqual(['FOUR_EYES']);
    expect(codes(ruleOnRestoration('confirm', planned, staff('ADMIN')))).toEqual(['FORBIDDEN']);
  });

  it('is stopped by one, whoever planned it, as long as it is not over', () => {
    const stoppable = (Object.keys(restorationStatuses) as RestorationStatus[]).filter(
      (status) => ruleOnRestoration('stop', { status, plannedBy: 'somebody' }, manager).length === 0,
    );
    expect(stoppable).toEqual(['PLANNED', 'CONFIRMED']);
  });

  it('shows each viewer exactly what would be accepted', () => {
    const facts = { status: 'PLANNED', plannedBy: 'somebody' } as const;
    expect(availableRestorationCommands(facts, manager)).toEqual(['stop']);
    expect(availableRestorationCommands({ ...facts, plannedBy: 'another' }, manager)).toEqual(allRestorationCommands);
    expect(availableRestorationCommands(facts, staff('AUDITOR'))).toEqual([]);
  });

  it('sorts as those are sorted who wait', () => {
    expect((['OLDEST_FIRST', 'PRIORITY', 'DRAW'] as const).map(asWaveOrder)).toEqual([
      'FIRST_COME',
      'PRIORITY',
      'DRAW',
    ]);
  });
});
