// What `npm start` does before it starts the server: installs what is missing, and builds the editor. For images.
import { ensureClientBuilt } from './build.js';
import { ensureInstalled } from './install.js';

try {
  ensureInstalled();
  await ensureClientBuilt();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
