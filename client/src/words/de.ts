import type { Words } from './en.ts';
import { counter } from './plural.ts';

export const count = counter<'one' | 'other'>('de', 'other');
export const changes = (number: number) => count(number, { one: '1 Änderung', other: '# Änderungen' });
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

  list: async () => (await import('./list/de.ts')).listWords,

  refusals: {
    unavailable:
      'Der Server kann das im Moment nicht annehmen. Versuchen Sie es in einer Minute noch einmal.',
    'signed-out': 'Sie sind nicht angemeldet.',
    'no-answer': 'Wer hier einlässt, antwortet nicht. Versuchen Sie es in einer Minute noch einmal.',
    denied: 'Sie haben hier keinen Zugang. Fragen Sie, wer diesen Server betreibt.',
    deleted: 'Dieses Dokument wurde gelöscht, und sein Name kann noch nicht wieder verwendet werden.',
    name: 'So kann ein Dokument nicht heißen.',
    unreachable:
      'Der Server war nicht zu erreichen oder antwortete etwas anderes. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.',
    other: (detail) => `Der Server hat abgelehnt: ${detail}`,
  },

  sidebar: {
    create: 'Neues Dokument',
    search: 'Suchen',
    documents: 'Dokumente',
    home: 'Übersicht',
    onDevice: 'Auf diesem Gerät',
    rename: 'Name und Farbe ändern',
  },

  person: async () => (await import('./person/de.ts')).personWords,

  names: {
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

  cluster: async () => (await import('./cluster/de.ts')).clusterWords,

  notFound: async () => (await import('./not-found/de.ts')).notFoundWords,

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
    recoverSignedOut: (number) =>
      `Bis Sie sich anmelden, nimmt der Server ${number === 1 ? 'eine Änderung' : `${number} Änderungen`} von Ihnen nicht an.`,
    signIn: 'Anmelden',
    signedOut: 'Sie sind abgemeldet.',
    signedOutMore: 'Sie können lesen, was hier steht. Melden Sie sich an, und diese Seite macht weiter.',
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

  device: async () => (await import('./device/de.ts')).deviceWords,

  saving: {
    opening: 'Wird geöffnet…',
    saved: 'Gespeichert',
    saving: 'Wird gespeichert…',
    'partly-saved': 'Auf einigen Servern gespeichert',
    reconnecting: 'Wird neu verbunden…',
    offline: 'Ohne Verbindung',
    'not-saved': 'Nicht gespeichert',
    'read-only': 'Nur lesen',
    denied: 'Kein Zugang',
    deleted: 'Gelöscht',
    'not-connected': 'Nicht verbunden',
    'signed-out': 'Abgemeldet',
    held: (state, held) => `${state}, ${held}`,
    copies: (nodes, of) => `Auf ${nodes} von ${of} Servern gespeichert`,
    kept: (number) => `${changes(number)} auf diesem Gerät`,
    keptPart: (part, number) => `${part} von ${changes(number)} auf diesem Gerät`,
    onlyHere: (number) => `${changes(number)} nur auf dieser Seite`,
    happened: {
      opening: 'Das Dokument ist auf dem Weg vom Server hierher.',
      saved: 'Alles, was Sie geschrieben haben, liegt auf der Platte des Servers.',
      saving: 'Der Server hat Ihre letzten Änderungen noch nicht bestätigt.',
      'partly-saved':
        'Ihre Änderungen liegen auf der Platte eines Servers, aber noch nicht auf so vielen, wie sie sollten. Die anderen sind gerade nicht zu erreichen und bekommen sie, wenn sie wieder da sind. Sie können weiterschreiben.',
      reconnecting: 'Die Verbindung ist abgebrochen und wird neu aufgebaut.',
      offline: 'Der Server ist nicht zu erreichen. Sie können weiterschreiben; die Seite versucht es weiter.',
      'not-saved': 'Der Server kann Ihre Änderungen im Moment nicht speichern. Die Seite versucht es weiter.',
      corrupt:
        'Der Server kann dieses Dokument nicht von seiner Platte lesen. Sagen Sie es dem, der ihn betreibt.',
      'read-only-now':
        'Sie dürfen dieses Dokument nur noch lesen: Der Server nimmt Ihre Änderungen nicht an.',
      refused: 'Der Server hat eine Änderung abgelehnt. Vielleicht ist das Dokument zu groß.',
      'read-only': 'Sie dürfen dieses Dokument lesen, aber nicht ändern.',
      denied: 'Sie haben keinen Zugang zu diesem Dokument oder keinen mehr.',
      token: 'Wer hier einlässt, antwortet nicht. Sie können weiterschreiben; die Seite versucht es weiter.',
      'signed-out': 'Sie sind nicht mehr angemeldet. Melden Sie sich an, und diese Seite macht weiter.',
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
    inset: (steps: number) =>
      steps === 0
        ? 'Nicht eingerückt'
        : `Um ${count(steps, { one: '1 Stufe', other: '# Stufen' })} eingerückt`,
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
    image: 'Bild',
    file: 'Datei',
    divider: 'Trennlinie',
    link: 'Verweis',
    'block-menu': 'Blockmenü',
    'move-up': 'Nach oben',
    'move-down': 'Nach unten',
    duplicate: 'Verdoppeln',
    'link-to-block': 'Link zum Block kopieren',
    delete: 'Block löschen',
    import: 'Markdown oder HTML importieren …',
    find: 'Suchen',
    replace: 'Suchen und ersetzen',
    'focus-mode': 'Fokus',
    'full-width': 'Volle Breite',
    typography: 'Typografische Zeichen',
    palette: 'Gehe zu…',
    shortcuts: 'Tastenkürzel',
    subscript: 'Tiefgestellt',
    superscript: 'Hochgestellt',
    highlight: 'Hervorheben',
    'align-start': 'Am Anfang ausrichten',
    'align-center': 'Zentrieren',
    'align-end': 'Am Ende ausrichten',
    'align-justify': 'Blocksatz',
    outdent: 'Einzug verkleinern',
    indent: 'Einzug vergrößern',
    'clear-format': 'Formatierung entfernen',
    callout: 'Hinweis',
    toggle: 'Aufklapper',
    table: 'Tabelle',
    date: 'Datum',
    mention: 'Erwähnung',
    contents: 'Inhaltsverzeichnis',
    footnote: 'Fußnote',
    formula: 'Formel',
    'formula-block': 'Formelblock',
    diagram: 'Diagramm',
    embed: 'Einbettung oder Linkkarte',
    'link-card': 'Linkkarte',
    'callout-icon': 'Symbol des Hinweises',
  },

  beside: async () => (await import('./beside/de.ts')).besideWords,

  importing: {
    done: (name) => `${name} importiert`,
    tooLarge: (name, most) => `${name} ist zu groß: höchstens ${most}`,
    unreadable: (name) => `${name} enthält keinen lesbaren Text`,
    failed: 'Die Datei konnte nicht importiert werden.',
  },
  media: {
    unnamed: 'Datei',
    tooLarge: (name, most) => `${name} ist zu groß: höchstens ${most}`,
    notAdded: 'Die Datei konnte nicht hinzugefügt werden.',
    picturesLost: 'Nicht jedes Bild ließ sich einfügen. Einzeln kopieren oder die Datei hineinziehen hilft.',
    shown: async () => (await import('./media/de.ts')).mediaWords,
  },

  container: {
    kind: 'Art des Hinweises',
    note: 'Notiz',
    info: 'Wichtig',
    success: 'Tipp',
    warning: 'Warnung',
    danger: 'Vorsicht',
    hideBelow: 'Was darunter steht, ausblenden',
    showBelow: 'Was darunter steht, einblenden',
    iconIs: (icon: string | null) => (icon === null ? 'Symbol der Art' : `Symbol: ${icon}`),
  },

  colours: {
    menu: 'Farben',
    text: 'Text',
    highlight: 'Hervorhebung',
    none: 'Keine',
    names: {
      gray: 'Grau',
      red: 'Rot',
      orange: 'Orange',
      yellow: 'Gelb',
      green: 'Grün',
      blue: 'Blau',
      purple: 'Violett',
      pink: 'Rosa',
    },
  },

  alsoCalled: async () => (await import('./called/de.ts')).alsoCalled,

  math: { source: 'Formel in TeX', nothing: 'Leere Formel' },

  source: async () => (await import('./source/de.ts')).sourceWords,

  contents: { title: 'Inhaltsverzeichnis', nothing: 'Noch keine Überschriften' },

  footnotes: {
    sign: (number) => count(number, { one: '#', other: '#' }),
    note: (number) => count(number, { one: 'Fußnote #', other: 'Fußnote #' }),
    lacking: (number) =>
      count(number, { one: 'Fußnote #, ohne Anmerkung', other: 'Fußnote #, ohne Anmerkung' }),
    back: (number) =>
      count(number, { one: 'Von Fußnote # zurück zum Text', other: 'Von Fußnote # zurück zum Text' }),
    unreferenced: 'Anmerkung ohne Verweis',
    refer: 'An der Schreibmarke darauf verweisen',
    remove: 'Anmerkung löschen',
  },

  companions: async () => (await import('./companions/de.ts')).companionWords,

  counts: async () => (await import('./counts/de.ts')).countsWords,

  palette: async () => (await import('./palette/de.ts')).paletteWords,

  shortcuts: async () => (await import('./shortcuts/de.ts')).shortcutWords,

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
