import { openDemoPortal } from './demo-portal.js';
import { juneBegins } from './june-beginning.js';
import { StoryClock } from './june-clock.js';
import { juneIsShown } from './june-evidence.js';
import { juneGoesOn, juneHalts } from './june-halt.js';
import { juneDetermines, juneRestores, juneWaits } from './june-letter.js';
import { JunePeople } from './june-people.js';
import { WebhookReceiver } from './receiver.js';
import type { Story } from './story.js';

/**
 * What a halt of 15 June and a determination of 26 June do: two products, an authority's two letters, and everything
 * that follows from them, in a portal whose clock is the story's. All names but the products' are made up.
 * @param beginning an embedded database to begin with, in which nothing has happened
 */
export async function storyOfJune(story: Story, beginning: Blob | null): Promise<void> {
  const clock = new StoryClock('2026-06-01T09:00:00Z');
  const receiver = await WebhookReceiver.open(clock);
  const demo = await openDemoPortal([receiver.host], { clock, beginning });
  try {
    const june = await juneBegins(story, new JunePeople(demo, clock), receiver);
    await juneHalts(june);
    const newcomer = await juneGoesOn(june);
    await juneRestores(june, await juneDetermines(june, newcomer));
    await juneWaits(june, newcomer);
    await demo.stop();
    await juneIsShown(june, demo.environment);
  } finally {
    await demo.close();
    await receiver.close();
  }
}
