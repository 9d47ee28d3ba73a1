import { ROOMY, uploadContract } from '../uploads/upload-contract.ts';
import { MemoryUploads } from './memory-uploads.ts';

uploadContract('memory', (_context, limits) =>
  Promise.resolve(new MemoryUploads({ ...ROOMY, ...limits }, Date.now)),
);
