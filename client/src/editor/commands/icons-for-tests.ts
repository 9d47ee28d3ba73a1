import { registerHooks } from 'node:module';

/** Lets what has icons be imported from here on: they are components, which only a build can read. */
export function withoutIcons(): void {
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier.startsWith('@lucide/svelte')
        ? { url: 'data:text/javascript,export default null', shortCircuit: true }
        : next(specifier, context),
  });
}
