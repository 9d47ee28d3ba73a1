import type { DocumentName } from '../store/document-name.ts';

/** What somebody may do with a document, from least to most. */
export type Role = 'read' | 'write';

/** Who somebody is. */
export interface Principal {
  /** Stable id (`sub` of a token); '' where nobody is known (`open` access). */
  readonly id: string;
  readonly name: string;
}

/** What `authorize` grants. */
export interface Grant {
  readonly principal: Principal;
  readonly role: Role;
  /** When the grant ends, ms since 1970; Infinity if it does not. */
  readonly expires: number;
}

/**
 * The one seam that decides who may do what. `document` null asks for the list of documents and for
 * making one. Throws `unauthorized` (no or bad token: try with another) or `forbidden`.
 */
export interface Access {
  authorize(request: { token: string; document: DocumentName | null }): Promise<Grant>;
}
