/**
 * What words of code are told apart as, each a colour (`--code-KIND` of tokens.css). Their places in this list are what a
 * worker answers.
 */
export const TOKEN_KINDS = [
  'keyword',
  'string',
  'number',
  'comment',
  'title',
  'type',
  'attribute',
  'addition',
  'deletion',
] as const;

/** One of them. */
export type TokenKind = (typeof TOKEN_KINDS)[number];

/** The kinds of what highlight.js finds, null for none; what is in no scope that is here is as what it stands in. */
export const KIND_OF_SCOPE: Readonly<Record<string, TokenKind | null>> = {
  keyword: 'keyword',
  literal: 'keyword',
  meta: 'keyword',
  doctag: 'keyword',
  'selector-tag': 'keyword',
  'template-tag': 'keyword',
  'variable.language': 'keyword',
  string: 'string',
  regexp: 'string',
  char: 'string',
  link: 'string',
  code: 'string',
  formula: 'string',
  number: 'number',
  symbol: 'number',
  bullet: 'number',
  'variable.constant': 'number',
  comment: 'comment',
  quote: 'comment',
  title: 'title',
  section: 'title',
  name: 'title',
  'selector-id': 'title',
  'selector-class': 'title',
  type: 'type',
  built_in: 'type',
  'title.class': 'type',
  class: 'type',
  attr: 'attribute',
  attribute: 'attribute',
  property: 'attribute',
  variable: 'attribute',
  subst: null,
  'template-variable': 'attribute',
  'selector-attr': 'attribute',
  'selector-pseudo': 'attribute',
  addition: 'addition',
  deletion: 'deletion',
};
