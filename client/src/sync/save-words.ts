import type { Words } from '../words/en.ts';
import type { Keeping } from './keeper.ts';
import { changesAtRisk } from './save-state.ts';
import type { Carrier, SaveState } from './save-state.ts';

/** What is said about saving, in the language of the page. */
export type SavingWords = Words['saving'];

/** The words of the pill. What it calls kept is in this browser's store, and nothing else is. */
export function saveWords(words: SavingWords, save: SaveState): string {
  const state = headlineOf(words, save);
  switch (save.state) {
    case 'opening':
    case 'saved':
    case 'saving':
    case 'reconnecting':
    case 'read-only':
    case 'partly-saved':
      return state;
    case 'offline':
    case 'not-saved':
    case 'denied':
    case 'deleted': {
      const waiting = held(words, save);
      return waiting === '' ? state : words.held(state, waiting);
    }
  }
}

/** What the pill says in a few words to who does not look at it: the state without its counts. */
export function saveHeadline(words: SavingWords, save: SaveState): string {
  return headlineOf(words, save);
}

function headlineOf(words: SavingWords, { state, cause, login, copies }: SaveState): string {
  if (cause === 'token') return words['not-connected'];
  if (state === 'partly-saved' && copies !== null) return words.copies(copies.nodes, copies.of);
  return login === null ? words[state] : words['signed-out'];
}

/** What a person may want to know beyond {@link saveWords}: what happened, what was kept, what to do. */
export function saveExplanation(words: SavingWords, save: SaveState): string {
  return [whatHappened(words, save), whatWasKept(words, save), carrierExplanation(words, save.carrier)]
    .filter((said) => said !== '')
    .join(' ');
}

/** How the page is connected, in words, where it is not by a WebSocket; '' where it is, or is not connected. */
export function carrierWords(words: SavingWords, carrier: Carrier | null): string {
  if (carrier === null || carrier.kind === 'websocket') return '';
  return carrier.reason === 'network' ? words.overHttpByNetwork : words.overHttp;
}

/** Where what cannot be kept in this browser stands, in a sentence; '' where it is kept. */
export function keepingWords({ keeping: words }: SavingWords, keeping: Keeping): string {
  return keeping === 'starting' || keeping === 'works' ? '' : words[keeping];
}

function whatHappened({ happened }: SavingWords, { state, cause, login }: SaveState): string {
  if (cause === 'token') return happened.token;
  if (login !== null) return happened['signed-out'];
  if (state !== 'not-saved' || cause === null) return happened[state];
  return happened[cause === 'read-only' ? 'read-only-now' : cause];
}

function whatWasKept(words: SavingWords, save: SaveState): string {
  const { state, unsavedChanges: unsaved, keeping, persisted } = save;
  const risk = changesAtRisk(save);
  const trouble = keepingWords(words, keeping);
  if (unsaved === 0) return state === 'deleted' ? '' : trouble;
  if (risk > 0 && trouble !== '') return `${trouble} ${words.atRisk(risk)}`;
  if (risk > 0) return words.notYetKept(risk);
  if (state === 'saving' || state === 'partly-saved' || state === 'opening') return words.keptHere(unsaved);
  const given = state === 'denied' || state === 'deleted' || (state === 'not-saved' && save.cause !== null);
  const kept = given ? words.downloadable(unsaved) : words.sentLater(unsaved);
  return persisted === false ? `${kept} ${words.mayGo}` : kept;
}

function carrierExplanation(words: SavingWords, carrier: Carrier | null): string {
  const way = carrierWords(words, carrier);
  return way === '' ? '' : words.overHttpMore(way);
}

/** Behind the headline: how many changes wait, and where they are. */
function held(words: SavingWords, save: SaveState): string {
  const { unsavedChanges, keptChanges } = save;
  const risk = changesAtRisk(save);
  if (unsavedChanges === 0) return '';
  if (risk === 0) return words.kept(keptChanges);
  // While the latest ones are on their way to the store, those before must not be read as all.
  if (keepingWords(words, save.keeping) === '' && keptChanges > 0)
    return words.keptPart(keptChanges, unsavedChanges);
  return words.onlyHere(risk);
}
