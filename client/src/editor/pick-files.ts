/** Which files a person may choose. */
interface Picking {
  /** As an input has it; undefined: any. */
  readonly accept?: string | undefined;
  readonly multiple: boolean;
}

/** Lets a person choose files; nothing is called where they choose none. */
export function pickFiles({ accept, multiple }: Picking, onpick: (files: readonly File[]) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = multiple;
  if (accept !== undefined) input.accept = accept;
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])];
    if (files.length > 0) onpick(files);
  });
  input.click();
}
