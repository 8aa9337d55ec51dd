import { registerHooks } from 'node:module';

/**
 * Lets Node run these scripts as they are: `./file.js` is `./file.ts`, whose types Node strips by itself, and what they
 * import of `src/` is what the build made of it in `dist/`, the same code that the portal's processes run.
 */
registerHooks({
  resolve(specifier, context, nextResolve) {
    const isOurs = /^\.{1,2}\/.*\.js$/.test(specifier) && /\/test\/(faults|screening)\//.test(context.parentURL ?? '');
    if (!isOurs) return nextResolve(specifier, context);
    const isOfPortal = specifier.startsWith('../../src/');
    const found = isOfPortal ? specifier.replace('/src/', '/dist/') : specifier.replace(/\.js$/, '.ts');
    return nextResolve(found, context);
  },
});
