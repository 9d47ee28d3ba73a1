export { CONTENT_FIELD } from './content.ts';
export { HEADING_LEVELS, documentExtensions, documentSchema } from './extensions.ts';
export { isSafeLink } from './links.ts';
