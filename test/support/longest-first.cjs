const Sequencer = require('@jest/test-sequencer').default;

/** What takes minutes, the longest first. On a machine that has not run them yet, nothing else tells. */
const longest = [
  'test/properties/model/sequences',
  'test/permissions/application-table',
  'test/cli/commands',
  'test/properties/plays',
  'test/process/process',
  'test/reports/exports',
];

/** Begins with what takes longest, so that no worker is left alone with it in the end. */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const placeOf = ({ path }) => {
      const place = longest.findIndex((name) => path.includes(name));
      return place < 0 ? longest.length : place;
    };
    return [...super.sort(tests)].sort((one, other) => placeOf(one) - placeOf(other));
  }
};
