export {
  DocumentService,
  CreateDocumentRequestSchema,
  CreateDocumentResponseSchema,
  DeleteDocumentRequestSchema,
  DeleteDocumentResponseSchema,
  DocumentSchema,
  GetDocumentRequestSchema,
  GetDocumentResponseSchema,
  ListDocumentsRequestSchema,
  ListDocumentsResponseSchema,
} from '../gen/sheaf/documents/v1/documents_pb.js';
export type {
  CreateDocumentRequest,
  CreateDocumentResponse,
  DeleteDocumentRequest,
  DeleteDocumentResponse,
  Document,
  GetDocumentRequest,
  GetDocumentResponse,
  ListDocumentsRequest,
  ListDocumentsResponse,
} from '../gen/sheaf/documents/v1/documents_pb.js';
