import { type ApplicationCommand, applicationRule } from './application.js';
import type { StaffRole } from './roles.js';
import type { Objection } from './ruling.js';

const keyForm = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const longestName = 200;

const inWords = {
  recommend: 'recommend',
  markCheck: 'mark checks',
  advanceStage: 'move applications on',
} as const satisfies Partial<Record<ApplicationCommand, string>>;

function pluralOf(what: string): string {
  return what === 'criterion' ? 'criteria' : `${what}s`;
}

/** Collects what is wrong with a workflow, with its path. */
export class Complaints {
  readonly problems: Objection[] = [];

  invalid(path: readonly string[], message: string): void {
    this.problems.push({ code: 'INVALID', message, path });
  }

  /** Whatever is in a list that is too long is not looked at. */
  isTooLong(path: readonly string[], list: readonly unknown[], most: number, so: string, what: string): boolean {
    if (list.length <= most) return false;
    this.invalid(path, `${so} ${most} ${what}, and these are ${list.length}.`);
    return true;
  }

  key(path: readonly string[], key: string, what: string, taken: readonly string[]): void {
    if (!keyForm.test(key)) this.invalid(path, `A ${what}'s key is lower-case words joined by hyphens, not "${key}".`);
    if (taken.includes(key)) this.invalid(path, `Two ${pluralOf(what)} have the key "${key}".`);
  }

  text(path: readonly string[], text: string, what: string, called = 'name'): void {
    if (text.trim() === '') this.invalid(path, `${what} needs a ${called}.`);
    if (text.length > longestName) this.invalid(path, `${what}’s ${called} has at most ${longestName} characters.`);
  }

  queue(path: readonly string[], queue: string): void {
    if (!keyForm.test(queue))
      this.invalid(path, `A queue is named by lower-case words joined by hyphens, not "${queue}".`);
  }

  hours(path: readonly string[], hours: number, most = 2000): void {
    this.whole(path, hours, [1, most], 'Working hours are a number');
  }

  whole(path: readonly string[], value: number, [least, most]: readonly [number, number], sentence: string): void {
    if (!Number.isInteger(value) || value < least || value > most)
      this.invalid(path, `${sentence}: a whole one from ${least} to ${most}.`);
  }

  /** A role that is named must be one that may give the command. */
  roles(path: readonly string[], roles: readonly StaffRole[], command: keyof typeof inWords): void {
    const able = applicationRule(command).by;
    const unable = roles.filter((role) => !able.includes(role));
    if (unable.length > 0)
      this.invalid(path, `${unable.join(', ')} cannot ${inWords[command]}; ${able.join(', ')} can.`);
  }
}
