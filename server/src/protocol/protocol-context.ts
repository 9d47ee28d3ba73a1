import type { Access } from '../access/access.ts';
import type { Documents } from '../document/documents.ts';
import type { Limits } from '../limits.ts';
import type { DocumentName } from '../store/document-name.ts';
import type { KeepAlive } from './keep-alive.ts';

/** A stateless message of a client: text that concerns a document and is no part of it. */
export interface StatelessMessage {
  readonly document: DocumentName;
  /** The sender's id; '' for somebody unknown. */
  readonly author: string;
  readonly payload: string;
  /** Answers the sender alone. */
  reply(payload: string): void;
}

/** What the protocols of one server share. */
export interface ProtocolContext {
  readonly documents: Documents;
  readonly access: Access;
  readonly limits: Limits;
  readonly keepAlive: KeepAlive;
  /** Wall clock, ms since 1970. */
  readonly time: () => number;
  /** What is done with stateless messages; nothing unless told. */
  readonly stateless?: ((message: StatelessMessage) => void) | undefined;
}
