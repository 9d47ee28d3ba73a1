/* What reads a clipboard. It is loaded when something is pasted that is more than text. */
export { parseHtml } from '@sheaf/schema/parse-html';
export { readMarkdown } from '@sheaf/schema/read-markdown';
