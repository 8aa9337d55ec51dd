/**
 * Jest resolves `./file.js` to `./file.ts` in tests, through `moduleNameMapper`, but not in the global setup.
 * Imported first there, this does the same with Node's own resolver.
 */
const { registerHooks } = require('node:module');

registerHooks({
  resolve(specifier, context, nextResolve) {
    const ours = /^\.{1,2}\/.*\.js$/.test(specifier) && !context.parentURL?.includes('/node_modules/');
    if (!ours) return nextResolve(specifier, context);
    try {
      return nextResolve(specifier, context);
    } catch {
      return nextResolve(specifier.replace(/\.js$/, '.ts'), context);
    }
  },
});
