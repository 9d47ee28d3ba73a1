import { createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

/** Sides of a sample's pictures, px. */
export const PICTURE = { width: 480, height: 270 } as const;

/** The picture of this number as PNG: a gradient of its own, some KB. The same bytes in each run. */
export function picture(number: number): Buffer<ArrayBuffer> {
  const { width, height } = PICTURE;
  const lines = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const at = y * (1 + width * 3) + 1 + x * 3;
      lines[at] = (x + number * 31) & 255;
      lines[at + 1] = (y * 2 + number * 57) & 255;
      lines[at + 2] = ((x * y) >> 6) & 255;
    }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits a channel, red, green and blue.
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(lines)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A picture's name in the store. */
export function hashOfPicture(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
