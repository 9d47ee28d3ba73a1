/** Read by Vite's plugin, svelte-check and editors alike. @type {import('@sveltejs/vite-plugin-svelte').SvelteConfig} */
export default { compilerOptions: { runes: true } };
