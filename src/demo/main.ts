import 'reflect-metadata';
import { openDemoPortal } from './demo-portal.js';
import { MailFolder } from './people.js';
import { PortalClient } from './portal-client.js';
import { ExampleProvisioner, type ProvisionerKeys } from './provisioner.js';
import { WebhookReceiver } from './receiver.js';
import { Story } from './story.js';
import { approvalStory } from './story-of-an-approval.js';
import { storyOfJune } from './story-of-june.js';
import { otherEndingsStory } from './story-of-other-endings.js';
import { peopleOfTheStory } from './story-of-the-people.js';

/** Plays the whole story against a portal of its own; exits 0 only if every step did what it says. */
async function main(): Promise<void> {
  const partnerReceiver = await WebhookReceiver.open();
  const operatorReceiver = await WebhookReceiver.open();
  const demo = await openDemoPortal([partnerReceiver.host, operatorReceiver.host]);
  process.stdout.write(`A portal at ${demo.url}, on ${demo.databaseDescription}\n`);
  const provisioners: ExampleProvisioner[] = [];
  const story = new Story((line) => process.stdout.write(`${line}\n`));
  try {
    const stage = {
      story,
      stranger: new PortalClient(demo.url),
      mail: new MailFolder(demo.mailFolder),
      portal: demo.portal,
      first: demo.first,
      partnerReceiver,
      operatorReceiver,
      startProvisioner: (keys: ProvisionerKeys) => {
        provisioners.push(new ExampleProvisioner(demo.url, keys));
      },
    };
    const cast = await peopleOfTheStory(stage);
    await approvalStory(stage, cast);
    await otherEndingsStory(stage, cast);
  } finally {
    await Promise.all(provisioners.map((provisioner) => provisioner.stop()));
    await demo.close();
    await partnerReceiver.close();
    await operatorReceiver.close();
  }
  await storyOfJune(story, demo.beginning);
  process.stdout.write(`\nAll ${story.steps} steps did what they say.\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
