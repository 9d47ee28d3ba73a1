import { registerHooks } from 'node:module';

// Icons are components, which only a build can read: for who imports what has icons behind this.
registerHooks({
  resolve: (specifier, context, next) =>
    specifier.startsWith('@lucide/svelte')
      ? { url: 'data:text/javascript,export default null', shortCircuit: true }
      : next(specifier, context),
});
