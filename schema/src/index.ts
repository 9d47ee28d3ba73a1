export { CONTENT_FIELD, HEADING_LEVELS, documentExtensions, documentSchema } from './extensions.ts';
export { isSafeLink } from './links.ts';
