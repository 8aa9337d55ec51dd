import { Writable } from 'node:stream';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { ChangeInbox, FellBehind } from '../../src/api/change-inbox.js';
import { EventStream, takenWithinMs } from '../../src/platform/streams/event-stream.js';

describe('what a listener has not taken', () => {
  it('waits as one change for each application, in the order in which they first changed', async () => {
    const inbox = new ChangeInbox(() => {});
    for (const [id, number] of [
      ['a', 1],
      ['b', 2],
      ['a', 3],
    ] as const) {
      inbox.put({ id, after: number - 1, through: number });
    }
    expect((await inbox.next()).value).toEqual({ id: 'a', after: 0, through: 3 });
    expect((await inbox.next()).value).toEqual({ id: 'b', after: 1, through: 2 });
  });

  it('is given up, and said to be, when it is about too many applications', async () => {
    const inbox = new ChangeInbox(() => {});
    for (let number = 1; number <= 101; number += 1) {
      inbox.put({ id: `application ${number}`, after: number - 1, through: number });
    }
    await expect(inbox.next()).rejects.toThrow(FellBehind);
  });

  it('is nothing any more once the inbox is closed, even to whoever waits', async () => {
    let closings = 0;
    const inbox = new ChangeInbox(() => {
      closings += 1;
    });
    const waiting = inbox.next();
    await inbox.return();
    await inbox.return();
    expect([(await waiting).done, closings]).toEqual([true, 1]);
  });
});

describe('a connection on which nothing is taken', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is cut off after a minute', async () => {
    jest.useFakeTimers();
    const deaf = new Writable({ write: () => {} });
    const stream = new EventStream(deaf);
    async function* messages() {
      yield 'event: next\ndata: {}\n\n';
    }
    const sent = stream.send(messages());
    await jest.advanceTimersByTimeAsync(takenWithinMs - 1);
    expect([stream.isWriting, deaf.destroyed]).toEqual([true, false]);
    await jest.advanceTimersByTimeAsync(1);
    await sent;
    expect([deaf.destroyed, stream.isOver]).toEqual([true, true]);
  });
});
