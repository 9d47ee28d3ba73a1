/** A file that a person takes away. */
export interface DownloadedFile {
  readonly name: string;
  readonly content: Blob;
}

/** Gives a file to the browser as a download. */
export function download({ name, content }: DownloadedFile): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
