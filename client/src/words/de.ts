import type { Words } from './en.ts';
import { counter } from './plural.ts';

const count = counter<'one' | 'other'>('de', 'other');
const changes = (number: number) => count(number, { one: '1 Änderung', other: '# Änderungen' });
const are = (number: number) => (number === 1 ? 'ist' : 'sind');

/** German. */
export const de: Words = {
  untitled: 'Ohne Titel',
  tryAgain: 'Noch einmal versuchen',
  reload: 'Neu laden',
  cancel: 'Abbrechen',
  close: 'Schließen',
  save: 'Speichern',
  missing: 'Ein Teil der Seite konnte nicht geladen werden.',
  hide: 'Ausblenden',
  menu: 'Menü',
  skip: 'Zum Inhalt springen',
  allDocuments: 'Alle Dokumente ansehen',

  list: {
    title: 'Dokumente',
    create: 'Neues Dokument',
    creating: 'Wird angelegt…',
    notCreated: (reason) => `Das Dokument wurde nicht angelegt. ${reason}`,
    failed: 'Die Liste konnte nicht geladen werden',
    failedMore: (reason) => `${reason} Nichts ist verloren: Dokumente liegen auf dem Server.`,
    empty: 'Hier ist noch nichts',
    emptyMore: 'Beginnen Sie ein Dokument und schicken Sie seine Adresse allen, die mitschreiben sollen.',
    loading: 'Die Liste wird geladen…',
    kept: 'Der Server ist nicht zu erreichen. Dies sind die Dokumente auf diesem Gerät; Sie können sie lesen und in ihnen schreiben.',
    more: 'Mehr anzeigen',
    unsent: (number) => `${changes(number)} nicht gesendet`,
  },

  refusals: {
    unavailable:
      'Der Server kann das im Moment nicht annehmen. Versuchen Sie es in einer Minute noch einmal.',
    denied: 'Sie haben hier keinen Zugang. Fragen Sie, wer diesen Server betreibt.',
    deleted: 'Dieses Dokument wurde gelöscht, und sein Name kann noch nicht wieder verwendet werden.',
    name: 'So kann ein Dokument nicht heißen.',
    unreachable:
      'Der Server war nicht zu erreichen oder antwortete etwas anderes. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.',
    other: (detail) => `Der Server hat abgelehnt: ${detail}`,
  },

  sidebar: {
    search: 'Suchen',
    documents: 'Dokumente',
    home: 'Übersicht',
    onDevice: 'Auf diesem Gerät',
    rename: 'Name und Farbe ändern',
  },

  person: {
    title: 'Ihr Name',
    heading: 'So sehen Sie die anderen',
    name: 'Name',
    colour: 'Farbe',
    colourNumber: (number) => `Farbe ${number}`,
    language: 'Sprache',
    note: 'Wird in diesem Browser behalten, wie auch Kopien Ihrer Dokumente.',
    device: 'Ansehen, oder alles auf diesem Gerät vergessen',
    first: [
      'Stiller',
      'Heller',
      'Flinker',
      'Sanfter',
      'Kluger',
      'Froher',
      'Ruhiger',
      'Wacher',
      'Kühner',
      'Guter',
    ],
    second: ['Reiher', 'Otter', 'Zeisig', 'Fuchs', 'Dachs', 'Star', 'Hase', 'Marder', 'Fink', 'Luchs'],
    together: (first, second) => `${first} ${second}`,
  },

  notFound: {
    title: 'Nicht gefunden',
    heading: 'Diese Seite gibt es nicht',
    before: 'Vielleicht ist die Adresse vertippt. Adressen von Dokumenten beginnen mit',
    after: '.',
  },

  document: {
    title: 'Dokument',
    opening: 'Wird geöffnet…',
    failed: 'Dieses Dokument konnte nicht geöffnet werden',
    notYet: 'Dieses Dokument kann noch nicht geöffnet werden',
    notYetMore:
      'Die Platte des Servers nimmt im Moment keine Änderungen an. Diese Seite öffnet von selbst, sobald sie es wieder tut.',
    outdated: 'Es gibt eine neue Version von Sheaf',
    outdatedMore:
      'Diese Seite ist von einer älteren, und ein Teil davon ist nicht mehr auf dem Server. Am Dokument wurde nichts geändert.',
    unreachable: 'Der Editor konnte nicht geladen werden',
    unreachableMore:
      'Die Verbindung brach ab, bevor die ganze Seite hier war. Am Dokument wurde nichts geändert.',
    recover: 'Retten Sie Ihre Änderungen.',
    recoverMore: (number) =>
      number === 1
        ? 'Der Server nimmt eine Ihrer Änderungen nicht an.'
        : `Der Server nimmt ${number} Ihrer Änderungen nicht an.`,
    recoverKept: 'Sie bleiben auf diesem Gerät, bis Sie sie entfernen.',
    recoverNow: 'Lassen Sie diese Seite offen, bis Sie sie heruntergeladen haben.',
    recoverText: 'Text herunterladen',
    recoverUpdate: 'Als Yjs-Update herunterladen',
    keepOpen: (trouble) => `${trouble} Lassen Sie diese Seite offen, bis oben „Gespeichert“ steht.`,
    damaged:
      'Ein Teil der Kopie in diesem Browser war beschädigt und wurde beiseitegelegt. Sie sehen, was zu lesen war und was der Server hat; etwas, das Sie hier ohne Verbindung geschrieben haben, kann fehlen.',
    stopped: 'Der Editor hat angehalten',
    stoppedMore:
      'Ein Fehler von uns hat ihn angehalten. Was geschrieben wurde, steht unten als reiner Text. Laden Sie neu, um weiterzuschreiben.',
    faces: 'Auch hier',
    moreFaces: (number) => count(number, { one: 'noch eine Person', other: '# weitere Personen' }),
  },

  documentMenu: {
    open: 'Mehr',
    title: 'Dokument',
    copyLink: 'Link kopieren',
    linkCopied: 'Link kopiert',
    copyMarkdown: 'Als Markdown kopieren',
    markdownCopied: 'Als Markdown kopiert',
    notCopied: 'Der Browser hat das Kopieren nicht erlaubt',
    downloadMarkdown: 'Als Markdown herunterladen',
    downloadHtml: 'Als HTML herunterladen',
    print: 'Drucken',
  },

  device: {
    title: 'Auf diesem Gerät',
    failed: 'Was hier behalten wird, ist nicht zu lesen',
    intro:
      'Dieser Browser behält eine Kopie der Dokumente, die Sie geöffnet haben, damit sie sofort aufgehen und auch ohne Netz zu beschreiben sind.',
    needsHttps: 'Sheaf selbst öffnet hier nicht ohne Netz: Browser erlauben das nur bei Adressen mit https.',
    reading: 'Wird gelesen…',
    removed: 'Alles wurde entfernt.',
    nothing: 'Auf diesem Gerät wird nichts behalten.',
    forget: 'Dieses Gerät vergessen lassen',
    forgetMore: 'Entfernt diese Kopien aus diesem Browser. Die Dokumente bleiben auf dem Server.',
    changedMeanwhile:
      'Inzwischen wurde etwas geschrieben, hier oder in einem anderen Tab: Sehen Sie es erst an.',
    notYet: (number) =>
      count(number, {
        one: 'Noch nicht: Ein Dokument enthält Änderungen, die nicht auf dem Server sind. Öffnen Sie es mit einer Verbindung, laden Sie es herunter oder verwerfen Sie es.',
        other:
          'Noch nicht: # Dokumente enthalten Änderungen, die nicht auf dem Server sind. Öffnen Sie jedes mit einer Verbindung, laden Sie es herunter oder verwerfen Sie es.',
      }),
    deleted: 'auf dem Server gelöscht',
    damaged: (number) =>
      count(number, {
        one: '1 beschädigter Teil beiseitegelegt',
        other: '# beschädigte Teile beiseitegelegt',
      }),
    unsent: (number) => `${changes(number)} nicht auf dem Server`,
    unsentDownloaded: (number) => `${changes(number)} nicht auf dem Server, heruntergeladen`,
    downloadText: 'Text herunterladen',
    downloadTextOf: (title) => `Text von ${title} herunterladen`,
    update: 'Yjs-Update',
    updateOf: (title) => `Yjs-Update von ${title}`,
    discard: 'Verwerfen',
    discardOf: (title) => `${title} verwerfen`,
    discardSure: 'Für immer verwerfen?',
    discardSureOf: (title) => `Für immer verwerfen? ${title}`,
  },

  saving: {
    opening: 'Wird geöffnet…',
    saved: 'Gespeichert',
    saving: 'Wird gespeichert…',
    reconnecting: 'Wird neu verbunden…',
    offline: 'Ohne Verbindung',
    'not-saved': 'Nicht gespeichert',
    'read-only': 'Nur lesen',
    denied: 'Kein Zugang',
    deleted: 'Gelöscht',
    held: (state, held) => `${state}, ${held}`,
    kept: (number) => `${changes(number)} auf diesem Gerät`,
    onlyHere: (number) => `${changes(number)} nur auf dieser Seite`,
    happened: {
      opening: 'Das Dokument ist auf dem Weg vom Server hierher.',
      saved: 'Alles, was Sie geschrieben haben, liegt auf der Platte des Servers.',
      saving: 'Der Server hat Ihre letzten Änderungen noch nicht bestätigt.',
      reconnecting: 'Die Verbindung ist abgebrochen und wird neu aufgebaut.',
      offline: 'Der Server ist nicht zu erreichen. Sie können weiterschreiben; die Seite versucht es weiter.',
      'not-saved': 'Der Server kann Ihre Änderungen im Moment nicht speichern. Die Seite versucht es weiter.',
      corrupt:
        'Der Server kann dieses Dokument nicht von seiner Platte lesen. Sagen Sie es dem, der ihn betreibt.',
      'read-only-now':
        'Sie dürfen dieses Dokument nur noch lesen: Der Server nimmt Ihre Änderungen nicht an.',
      refused: 'Der Server hat eine Änderung abgelehnt. Vielleicht ist das Dokument zu groß.',
      'read-only': 'Sie dürfen dieses Dokument lesen, aber nicht ändern.',
      denied: 'Der Server hat Sie nicht in dieses Dokument gelassen.',
      deleted: 'Jemand hat dieses Dokument gelöscht.',
    },
    keeping: {
      stopped:
        'Dieser Browser sollte seine Kopien vergessen und behält von dieser Seite nichts: Laden Sie neu, damit Änderungen wieder behalten werden.',
      full: 'Auf diesem Gerät ist kein Platz mehr für Änderungen: Schaffen Sie welchen.',
      unavailable:
        'Dieser Browser behält für diese Seite nichts, etwa in einem privaten Fenster oder wenn der Speicher abgeschaltet ist.',
      blocked:
        'Ein anderer Tab hält eine ältere Version von Sheaf offen, darum kann hier nichts behalten werden: Schließen Sie ihn oder laden Sie ihn neu.',
      outdated:
        'In einem anderen Tab ist eine neuere Version von Sheaf offen: Laden Sie diese Seite neu, damit Änderungen wieder auf diesem Gerät behalten werden.',
      'too-large': 'Dieses Dokument ist zu groß, um auf diesem Gerät behalten zu werden.',
      failed: 'Der Browser konnte Änderungen nicht auf diesem Gerät behalten; die Seite versucht es weiter.',
    },
    atRisk: (number) =>
      `Lassen Sie diese Seite offen: ${changes(number)} ${are(number)} auf ihr und sonst nirgends.`,
    notYetKept: (number) =>
      `Lassen Sie diese Seite noch einen Moment offen: ${changes(number)} ${are(number)} noch nicht auf diesem Gerät behalten.`,
    keptHere: (number) => `${changes(number)} ${are(number)} auf diesem Gerät behalten.`,
    downloadable: (number) =>
      `${changes(number)} ${are(number)} auf diesem Gerät behalten und können heruntergeladen werden.`,
    sentLater: (number) =>
      `${changes(number)} ${are(number)} auf diesem Gerät behalten, auch wenn Sie diese Seite schließen, und werden gesendet, sobald der Server sie annimmt.`,
    mayGo: 'Der Browser kann sie entfernen, wenn auf diesem Gerät der Platz knapp wird.',
    overHttp: 'Über HTTP verbunden',
    overHttpByNetwork: 'Über HTTP verbunden: Ihr Netz sperrt WebSockets',
    overHttpMore: (way) => `${way}. Das geht auch: Andere sehen Ihre Änderungen etwas später.`,
  },

  editor: {
    text: 'Dokument',
    format: 'Format',
    placeholder: 'Schreiben Sie etwas…',
    newer: 'Mit einer neueren Version von Sheaf gemacht',
    more: 'Weitere Formate',
    leave: 'Escape und dann Tab verlässt den Text.',
    task: (words) => `Aufgabe: ${words}`,
    outline: 'Gliederung',
    leaveFocus: 'Fokus verlassen',
    placeCopied: 'Link zum Block kopiert',
    placeGone: 'Die Stelle, zu der dieser Link führt, gibt es nicht mehr',
  },

  commands: {
    undo: 'Rückgängig',
    redo: 'Wiederherstellen',
    bold: 'Fett',
    italic: 'Kursiv',
    underline: 'Unterstrichen',
    strike: 'Durchgestrichen',
    code: 'Code',
    'heading-1': 'Überschrift 1',
    'heading-2': 'Überschrift 2',
    'heading-3': 'Überschrift 3',
    'bullet-list': 'Aufzählung',
    'ordered-list': 'Nummerierte Liste',
    'task-list': 'Aufgabenliste',
    quote: 'Zitat',
    'code-block': 'Codeblock',
    paragraph: 'Fließtext',
    divider: 'Trennlinie',
    link: 'Verweis',
    'block-menu': 'Blockmenü',
    'move-up': 'Nach oben',
    'move-down': 'Nach unten',
    duplicate: 'Verdoppeln',
    'link-to-block': 'Link zum Block kopieren',
    delete: 'Block löschen',
    find: 'Suchen',
    replace: 'Suchen und ersetzen',
    'focus-mode': 'Fokus',
    'full-width': 'Volle Breite',
    typography: 'Typografische Zeichen',
    palette: 'Gehe zu…',
    shortcuts: 'Tastenkürzel',
  },

  alsoCalled: {
    paragraph: 'absatz text normal',
    'heading-1': 'h1 titel groß',
    'heading-2': 'h2 abschnitt',
    'heading-3': 'h3 unterabschnitt klein',
    'bullet-list': 'liste punkte ul',
    'ordered-list': 'nummern ol',
    'task-list': 'todo checkliste häkchen',
    quote: 'zitat einzug',
    'code-block': 'quelltext programm',
    divider: 'hr linie trenner',
  },

  slash: {
    title: 'Einfügen',
    nothing: 'Nichts heißt so',
    results: (number) => count(number, { one: '1 Treffer', other: '# Treffer' }),
  },

  bubble: { selection: 'Ausgewählter Text', link: 'Verweis' },

  link: {
    title: 'Verweis',
    address: 'Adresse',
    apply: 'Übernehmen',
    open: 'Öffnen',
    edit: 'Verweis bearbeiten',
    remove: 'Verweis entfernen',
    wrong: 'Das ist keine Adresse, zu der ein Verweis führen kann.',
  },

  block: {
    menu: 'Block',
    handle: 'Blockmenü',
    handleMore: 'Klicken für das Menü, ziehen zum Bewegen',
    moved: 'Bewegt',
  },

  find: {
    title: 'Suchen',
    find: 'Im Dokument suchen',
    matchCase: 'Groß- und Kleinschreibung',
    wholeWord: 'Ganze Wörter',
    regex: 'Regulärer Ausdruck',
    previous: 'Vorheriger Treffer',
    next: 'Nächster Treffer',
    replaceMore: 'Ersetzen…',
    replaceWith: 'Ersetzen durch',
    replace: 'Ersetzen',
    replaceAll: 'Alle ersetzen',
    replaced: (number) => count(number, { one: '1 Stelle ersetzt', other: '# Stellen ersetzt' }),
    position: (current, all) => `${current} von ${all}`,
    searching: 'Wird gesucht…',
    nothing: 'Nicht gefunden',
    slow: 'Dieses Muster braucht zu lange',
    wrong: 'Kein regulärer Ausdruck',
  },

  counts: {
    words: (number) => count(number, { one: '1 Wort', other: '# Wörter' }),
    characters: (number) => count(number, { one: '1 Zeichen', other: '# Zeichen' }),
    minutes: (number) => count(number, { one: '1 Minute Lesezeit', other: '# Minuten Lesezeit' }),
  },

  palette: {
    title: 'Gehe zu',
    search: 'Dokumente und Befehle suchen',
    documents: 'Dokumente',
    headings: 'In diesem Dokument',
    commands: 'Befehle',
    nothing: 'Nichts gefunden',
    results: (number) => count(number, { one: '1 Treffer', other: '# Treffer' }),
  },

  shortcuts: {
    title: 'Tastenkürzel',
    search: 'Tastenkürzel suchen',
    nothing: 'Nichts gefunden',
    typed: 'am Anfang einer Zeile getippt',
    leave: 'Den Text verlassen',
    toBar: 'Zur Formatleiste',
    slash: 'Block einfügen',
    sheet: 'Diese Übersicht, außerhalb des Textes',
    indent: 'Punkt einrücken',
    outdent: 'Punkt ausrücken',
    groups: {
      history: 'Rückgängig',
      mark: 'Schrift',
      heading: 'Überschriften',
      list: 'Listen und Blöcke',
      insert: 'Einfügen',
      block: 'Blöcke',
      view: 'Ansicht',
      page: 'Seite',
    },
  },

  together: {
    joined: (name) => `${name} ist hier`,
    joinedMany: (number) =>
      count(number, { one: 'Noch eine Person ist hier', other: '# weitere Personen sind hier' }),
    follow: (name) => `${name} folgen`,
    away: (name) => `${name}, abwesend`,
    following: (name) => `Sie folgen ${name}. Escape oder Scrollen beendet es.`,
    stopped: (name) => `Sie folgen ${name} nicht mehr`,
    nowhere: (name) => `${name} ist noch nirgends im Text`,
  },

  quotes: { open: '„', close: '“', openInner: '‚', closeInner: '‘' },
};
