import { defaultTemplate } from '../../src/decision-letters/default-template.js';

const { labels: _english, texts, ...rest } = defaultTemplate;

/** The text that comes with the portal, as input of the API. */
export const templateInput = {
  ...rest,
  approval: texts.APPROVAL,
  approvalWithConditions: texts.APPROVAL_WITH_CONDITIONS,
  refusal: texts.REFUSAL,
  finalRefusal: texts.FINAL_REFUSAL,
};
