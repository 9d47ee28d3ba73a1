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
    keptDenied: (reason) => `${reason} Dies sind die Dokumente auf diesem Gerät.`,
    more: 'Mehr anzeigen',
    unsent: (number) => `${changes(number)} nicht gesendet`,
  },

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

  cluster: {
    title: 'Verbund',
    looked: 'Wird jede Sekunde neu gelesen.',
    metrics: 'Dasselbe in Zahlen, für Prometheus',
    old: (since) =>
      `Dieser Server antwortet nicht. Was hier steht, ist von ${since}; die anderen Knoten haben diese Seite auch.`,
    asking: 'Der Server wird gefragt…',
    alone: 'Dieser Server steht für sich',
    aloneMore: 'Er ist mit keinem anderen verbunden: SHEAF_CLUSTER_LISTEN ist nicht gesetzt.',
    closed: 'Diese Seite ist geschlossen',
    closedMore:
      'Setzen Sie am Server SHEAF_ADMIN_TOKEN und starten Sie ihn neu: Wer den Schlüssel hat, darf hineinsehen.',
    silent: 'Dieser Server antwortet nicht',
    silentMore: 'Er wird jede Sekunde wieder gefragt. Die anderen Knoten haben diese Seite auch.',
    locked: 'Für die, die diesen Server betreiben',
    lockedMore:
      'Der Schlüssel steht an diesem Server in SHEAF_ADMIN_TOKEN. Er wird behalten, bis dieser Tab geschlossen wird.',
    token: 'Schlüssel der Verwaltung',
    wrong: 'Das ist nicht der Schlüssel.',
    show: 'Verbund zeigen',
    nodes: 'Knoten',
    name: 'Bezeichnung',
    seen: 'Wie dieser Server ihn sieht',
    links: 'Verbindungen',
    linksMore:
      'Jeder Knoten sagt, wie er die anderen sieht. „Rückstand“ ist, was er gesendet hat und was noch nicht bestätigt ist.',
    from: 'Von',
    to: 'Nach',
    state: 'Zustand',
    behind: 'Rückstand',
    waiting: 'Wartet',
    nothing: 'Nichts',
    conditions: {
      linked: 'Verbunden',
      suspect: 'Stumm',
      lost: 'Verbindung verloren',
      dead: 'Fort',
      unknown: 'Nicht bekannt',
    },
    lostOrGone: 'Verbindung verloren oder Knoten fort',
    self: 'Dieser Server',
    selfEnding: 'Dieser Server, hört auf',
    ending: 'Hört auf',
    mute: 'Verbunden, antwortet nicht',
    updates: (number) => count(number, { one: '1 Änderung', other: '# Änderungen' }),
    toFetch: (number) => count(number, { one: '1 Dokument zu holen', other: '# Dokumente zu holen' }),
    single: 'Ein Knoten. Mit ihm ist noch kein anderer verbunden.',
    size: (number) => count(number, { one: '1 Knoten', other: '# Knoten' }),
    well: (size) => `${size}, alle miteinander verbunden.`,
    trouble: (size, troubles) => `${size}. ${troubles.join(' ')}`,
    areGone: (names) => `${names.join(', ')} ${names.length === 1 ? 'ist' : 'sind'} fort.`,
    areLost: (names) => `${names.join(', ')} ${names.length === 1 ? 'ist' : 'sind'} nicht zu erreichen.`,
    areSilent: (names) => `${names.join(', ')} ${names.length === 1 ? 'ist' : 'sind'} stumm.`,
    areEnding: (names) => `${names.join(', ')} ${names.length === 1 ? 'hört' : 'hören'} auf.`,
    noLink: (from, to, more) =>
      `${from} hat keine gute Verbindung zu ${to}${more > 0 ? `, und ${more} weitere` : ''}.`,
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
    subscript: 'Tiefgestellt',
    superscript: 'Hochgestellt',
    highlight: 'Hervorheben',
    'align-start': 'Am Anfang ausrichten',
    'align-center': 'Zentrieren',
    'align-end': 'Am Ende ausrichten',
    'align-justify': 'Blocksatz',
    'clear-format': 'Formatierung entfernen',
    callout: 'Hinweis',
    toggle: 'Aufklapper',
    table: 'Tabelle',
  },

  table: {
    menu: 'Tabelle',
    row: (at, of) => `Zeile ${at} von ${of}`,
    column: (at, of) => `Spalte ${at} von ${of}`,
    addRow: 'Zeile am Ende anfügen',
    addColumn: 'Spalte am Ende anfügen',
    rowBefore: 'Zeile darüber einfügen',
    rowAfter: 'Zeile darunter einfügen',
    columnBefore: 'Spalte davor einfügen',
    columnAfter: 'Spalte danach einfügen',
    rowUp: 'Zeile nach oben',
    rowDown: 'Zeile nach unten',
    columnBack: 'Spalte zurück',
    columnOn: 'Spalte weiter',
    deleteRow: 'Zeile löschen',
    deleteColumn: 'Spalte löschen',
    deleteTable: 'Tabelle löschen',
    mergeCells: 'Zellen verbinden',
    splitCell: 'Zelle teilen',
    headerRow: 'Erste Zeile ist Kopfzeile',
    headerColumn: 'Erste Spalte ist Kopfspalte',
    wider: 'Spalte breiter',
    narrower: 'Spalte schmaler',
    'align-start': 'Am Anfang ausrichten',
    'align-center': 'In der Mitte ausrichten',
    'align-end': 'Am Ende ausrichten',
    'background-none': 'Kein Hintergrund',
    'background-grey': 'Grau',
    'background-red': 'Rot',
    'background-yellow': 'Gelb',
    'background-green': 'Grün',
    'background-blue': 'Blau',
    'background-purple': 'Violett',
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
};
