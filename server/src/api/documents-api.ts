import type { DocumentName } from '../store/document-name.ts';
import type { CatalogueEntry } from '../store/store.ts';

/** What the document service asks of the engine and its catalogue. */
export interface DocumentsApi {
  /** Latest change first. `after`: the `updated` and `document` of the last entry of the previous page. */
  list(options: {
    limit: number;
    after?: { updated: number; document: DocumentName } | undefined;
  }): Promise<CatalogueEntry[]>;
  get(document: DocumentName): Promise<CatalogueEntry | null>;
  /** Makes an empty document; false if it exists already. Throws `deleted`. */
  create(document: DocumentName): Promise<boolean>;
  /** Deletes it for everybody: whoever has it open is told. */
  delete(document: DocumentName): Promise<void>;
}
