import type { Node } from '@tiptap/pm/model';
import { download } from '../download.ts';
import type { MediaContent, MediaPlace } from './media-view.ts';
import { sizeWords } from './size-words.ts';
import { UploadStatus } from './upload-status.ts';

/** A file on the page: what it is called, how large it is, and a button that downloads it. */
export class FileCard implements MediaContent {
  readonly #place: MediaPlace;
  readonly #name = document.createElement('span');
  readonly #size = document.createElement('span');
  readonly #button = document.createElement('button');
  readonly #status: UploadStatus;
  #node: Node;
  #downloading = false;

  constructor(place: MediaPlace, node: Node) {
    const { dom } = place;
    this.#place = place;
    this.#node = node;
    this.#status = new UploadStatus(place, node.attrs['src']);
    const card = document.createElement('div');
    card.className = 'media-card';
    this.#name.className = 'media-name';
    this.#name.dir = 'auto';
    this.#size.className = 'media-size';
    this.#button.type = 'button';
    this.#button.className = 'outlined';
    this.#button.dataset['testid'] = 'download-file';
    this.#button.addEventListener('click', () => void this.#download());
    const icon = document.createElement('i');
    icon.ariaHidden = 'true';
    card.append(icon, this.#name, this.#size, this.#button);
    dom.replaceChildren(card, this.#status.dom);
    this.update(node);
  }

  update(node: Node): void {
    this.#node = node;
    const { words } = this.#place;
    const { bytes } = node.attrs;
    this.#name.textContent = this.#called;
    this.#size.textContent = typeof bytes === 'number' ? sizeWords(bytes) : '';
    this.#button.textContent = words.downloadShort;
    this.#button.ariaLabel = words.download(this.#called);
    this.#place.dom.ariaLabel = this.#called;
  }

  select(): void {
    // Nothing of it can be changed.
  }

  edit(): void {
    this.#button.focus();
  }

  destroy(): void {
    this.#status.destroy();
  }

  get #called(): string {
    const { name } = this.#node.attrs;
    return typeof name === 'string' ? name : this.#place.options.words.unnamed;
  }

  async #download(): Promise<void> {
    // What is not there yet is asked for until it is: once, however often somebody clicks.
    if (this.#downloading) return;
    this.#downloading = true;
    // Rejects when the file is taken away, and where it refers to nothing, which its status says.
    const content = await this.#status.content().catch(() => null);
    this.#downloading = false;
    if (content !== null) download({ name: this.#called, content });
  }
}
