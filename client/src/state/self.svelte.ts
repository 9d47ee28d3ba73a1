import { PERSON_COLORS } from '../sync/person-colors.ts';
import { cleanName, readPerson } from '../sync/presence.ts';
import type { Person } from '../sync/presence.ts';
import type { Words } from '../words/en.ts';

const KEY = 'sheaf.person';

/** Who uses this browser, as they call themselves: a friendly random name until they choose one. */
export class Self {
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'> | null;
  #person = $state.raw<Person>({ id: '', name: '', color: PERSON_COLORS[0] });

  /** `storage` is null where the browser keeps nothing; the name then lasts as long as the page. */
  constructor(
    storage: Pick<Storage, 'getItem' | 'setItem'> | null,
    random: () => number,
    words: Words['names'],
  ) {
    this.#storage = storage;
    this.#person = readStored(storage) ?? invent(random, words);
    this.#keep();
  }

  get person(): Person {
    return this.#person;
  }

  /** Takes a new name and colour. An empty name leaves the old one. */
  rename(name: string, color: string): void {
    const { id } = this.#person;
    this.#person = readPerson({ id, name: cleanName(name) || this.#person.name, color });
    this.#keep();
  }

  #keep(): void {
    try {
      this.#storage?.setItem(KEY, JSON.stringify(this.#person));
    } catch {
      // A full or forbidden storage costs the name at the next visit, nothing else.
    }
  }
}

function readStored(storage: Pick<Storage, 'getItem'> | null): Person | null {
  try {
    const person = readPerson(JSON.parse(storage?.getItem(KEY) ?? 'null'));
    return person.id === '' ? null : person;
  } catch {
    // Not ours, or broken: a new name is no loss.
    return null;
  }
}

function invent(random: () => number, words: Words['names']): Person {
  const pick = <T>(choices: readonly T[]) => choices[Math.floor(random() * choices.length)];
  const name = words.together(pick(words.first) ?? '', pick(words.second) ?? '');
  return {
    id: crypto.getRandomValues(new Uint32Array(2)).join('-'),
    name,
    color: pick(PERSON_COLORS) ?? PERSON_COLORS[0],
  };
}
