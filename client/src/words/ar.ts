import type { Words } from './en.ts';
import { counter } from './plural.ts';

export const count = counter<'zero' | 'one' | 'two' | 'few' | 'many' | 'other'>('ar', 'other');
const plain = { zero: '#', one: '#', two: '#', few: '#', many: '#', other: '#' };
/** A number alone. */
export const digits = (number: number) => count(number, plain);
export const changes = (number: number) =>
  count(number, {
    zero: 'لا تغييرات',
    one: 'تغيير واحد',
    two: 'تغييران',
    few: '# تغييرات',
    many: '# تغييرًا',
    other: '# تغيير',
  });

export const results = (number: number) =>
  count(number, {
    zero: 'لا نتائج',
    one: 'نتيجة واحدة',
    two: 'نتيجتان',
    few: '# نتائج',
    many: '# نتيجة',
    other: '# نتيجة',
  });

/** Arabic. */
export const ar: Words = {
  untitled: 'بلا عنوان',
  tryAgain: 'أعد المحاولة',
  reload: 'أعد التحميل',
  cancel: 'إلغاء',
  close: 'إغلاق',
  save: 'حفظ',
  missing: 'تعذّر تحميل جزء من الصفحة.',
  hide: 'إخفاء',
  menu: 'القائمة',
  skip: 'انتقل إلى المحتوى',
  allDocuments: 'عرض كل المستندات',

  list: async () => (await import('./list/ar.ts')).listWords,

  refusals: {
    unavailable: 'لا يستطيع الخادم قبول هذا الآن. حاول بعد دقيقة.',
    'signed-out': 'لم تسجّل الدخول.',
    'no-answer': 'لا يجيب من يأذن بالدخول هنا. أعد المحاولة بعد دقيقة.',
    denied: 'ليس لديك إذن هنا. اسأل من يشغّل هذا الخادم.',
    deleted: 'حُذف هذا المستند، ولا يمكن استخدام اسمه مرة أخرى بعد.',
    name: 'لا يمكن أن يحمل مستند هذا الاسم.',
    unreachable: 'تعذّر الوصول إلى الخادم، أو أجاب بشيء آخر. تحقق من الاتصال وحاول مرة أخرى.',
    other: (detail) => `رفض الخادم: ${detail}`,
  },

  sidebar: {
    create: 'مستند جديد',
    search: 'بحث',
    documents: 'المستندات',
    home: 'الرئيسية',
    onDevice: 'على هذا الجهاز',
    rename: 'غيّر اسمك ولونك',
  },

  person: async () => (await import('./person/ar.ts')).personWords,

  names: {
    first: ['هادئ', 'مشرق', 'سريع', 'لطيف', 'ذكي', 'مرح', 'صبور', 'فضولي', 'شجاع', 'طيب'],
    second: ['بلشون', 'قضاعة', 'صقر', 'ثعلب', 'غرير', 'سنونو', 'أرنب', 'دلق', 'حسون', 'وشق'],
    together: (first, second) => `${second} ${first}`,
  },

  cluster: async () => (await import('./cluster/ar.ts')).clusterWords,

  notFound: async () => (await import('./not-found/ar.ts')).notFoundWords,

  document: {
    title: 'مستند',
    opening: 'يجري الفتح…',
    failed: 'تعذّر فتح هذا المستند',
    notYet: 'لا يمكن فتح هذا المستند بعد',
    notYetMore: 'لا يقبل قرص الخادم تغييرات الآن. ستُفتح هذه الصفحة وحدها حين يعود إلى ذلك.',
    outdated: 'هناك إصدار جديد من Sheaf',
    outdatedMore: 'هذه الصفحة من إصدار أقدم، وجزء منها لم يعد على الخادم. لم يتغير شيء في المستند.',
    unreachable: 'تعذّر تحميل المحرر',
    unreachableMore: 'انقطع الاتصال قبل وصول الصفحة كاملة. لم يتغير شيء في المستند.',
    recover: 'استرجع تغييراتك.',
    recoverMore: (number) => `لا يقبل الخادم ما كتبته: ${changes(number)}.`,
    recoverSignedOut: (number) => `لن يقبل الخادم ما كتبته حتى تسجّل الدخول: ${changes(number)}.`,
    signIn: 'تسجيل الدخول',
    signedOut: 'لقد سُجّل خروجك.',
    signedOutMore: 'يمكنك قراءة ما هنا. سجّل الدخول لتتابع هذه الصفحة.',
    recoverKept: 'تبقى على هذا الجهاز حتى تزيلها.',
    recoverNow: 'أبقِ هذه الصفحة مفتوحة حتى تنزّلها.',
    recoverText: 'تنزيل النص',
    recoverUpdate: 'تنزيل كتحديث Yjs',
    keepOpen: (trouble) => `${trouble} أبقِ هذه الصفحة مفتوحة حتى تظهر كلمة «محفوظ».`,
    damaged:
      'تلف جزء من نسخة هذا المتصفح ووُضع جانبًا. ترى ما أمكنت قراءته وما لدى الخادم؛ قد ينقص شيء كتبته هنا دون اتصال.',
    stopped: 'توقف المحرر',
    stoppedMore: 'أوقفه خطأ منا. ما كُتب موجود أدناه نصًا عاديًا. أعد التحميل لمتابعة الكتابة.',
    faces: 'هنا أيضًا',
    moreFaces: (number) =>
      count(number, {
        zero: 'لا أحد غيرهم',
        one: 'شخص آخر',
        two: 'شخصان آخران',
        few: '# أشخاص آخرين',
        many: '# شخصًا آخر',
        other: '# شخص آخر',
      }),
  },

  documentMenu: {
    open: 'المزيد',
    title: 'المستند',
    copyLink: 'نسخ الرابط',
    linkCopied: 'نُسخ الرابط',
    copyMarkdown: 'نسخ بصيغة Markdown',
    markdownCopied: 'نُسخ بصيغة Markdown',
    notCopied: 'لم يسمح المتصفح بالنسخ',
    downloadMarkdown: 'تنزيل بصيغة Markdown',
    downloadHtml: 'تنزيل بصيغة HTML',
    print: 'طباعة',
  },

  device: async () => (await import('./device/ar.ts')).deviceWords,

  saving: {
    opening: 'يجري الفتح…',
    saved: 'محفوظ',
    saving: 'يجري الحفظ…',
    'partly-saved': 'محفوظ على بعض الخوادم',
    reconnecting: 'يُعاد الاتصال…',
    offline: 'دون اتصال',
    'not-saved': 'غير محفوظ',
    'read-only': 'للقراءة فقط',
    denied: 'لا إذن',
    deleted: 'محذوف',
    'not-connected': 'غير متصل بالخادم',
    'signed-out': 'سُجّل الخروج',
    held: (state, held) => `${state}، ${held}`,
    copies: (nodes, of) => `محفوظ على ${nodes} من ${of} خوادم`,
    kept: (number) => `على هذا الجهاز: ${changes(number)}`,
    keptPart: (part, number) => `على هذا الجهاز: ${part} من ${changes(number)}`,
    onlyHere: (number) => `في هذه الصفحة وحدها: ${changes(number)}`,
    happened: {
      opening: 'المستند في طريقه من الخادم.',
      saved: 'كل ما كتبته على قرص الخادم.',
      saving: 'لم يؤكد الخادم آخر تغييراتك بعد.',
      'partly-saved':
        'تغييراتك على قرص خادم، لكن ليس على العدد المطلوب بعد. الخوادم الأخرى غير متاحة الآن، وستحصل عليها حين تعود. يمكنك متابعة الكتابة.',
      reconnecting: 'انقطع الاتصال ويُعاد الآن.',
      offline: 'تعذّر الوصول إلى الخادم. يمكنك متابعة الكتابة؛ تواصل الصفحة المحاولة.',
      'not-saved': 'لا يستطيع الخادم تخزين تغييراتك الآن. تواصل الصفحة المحاولة.',
      corrupt: 'لا يستطيع الخادم قراءة هذا المستند من قرصه. أخبر من يشغّله.',
      'read-only-now': 'لم يعد لك إلا قراءة هذا المستند: لا يقبل الخادم تغييراتك.',
      refused: 'رفض الخادم تغييرًا. ربما صار المستند كبيرًا جدًا.',
      'read-only': 'لك أن تقرأ هذا المستند دون أن تغيّره.',
      denied: 'ليس لديك إذن لهذا المستند، أو لم يعد لديك.',
      token: 'لا يجيب من يأذن بالدخول هنا. يمكنك متابعة الكتابة؛ تواصل الصفحة المحاولة.',
      'signed-out': 'لم تعد مسجّل الدخول. سجّل الدخول لتتابع هذه الصفحة.',
      deleted: 'حذف أحدهم هذا المستند.',
    },
    keeping: {
      stopped:
        'طُلب من هذا المتصفح أن يمحو نسخه، ولا يحتفظ بشيء من هذه الصفحة: أعد التحميل ليحتفظ بالتغييرات من جديد.',
      full: 'لم يبق مكان على هذا الجهاز لحفظ التغييرات: أفرغ بعض المساحة.',
      unavailable: 'لا يحتفظ هذا المتصفح بشيء لهذا الموقع، كما في نافذة خاصة أو حين يُعطّل التخزين.',
      blocked: 'لسان آخر يفتح إصدارًا أقدم من Sheaf، فلا يمكن حفظ شيء هنا: أغلق ذلك اللسان أو أعد تحميله.',
      outdated:
        'إصدار أحدث من Sheaf مفتوح في لسان آخر: أعد تحميل هذه الصفحة لتُحفظ التغييرات على هذا الجهاز من جديد.',
      'too-large': 'هذا المستند أكبر من أن يُحفظ على هذا الجهاز.',
      failed: 'لم يستطع المتصفح حفظ التغييرات على هذا الجهاز؛ تواصل الصفحة المحاولة.',
    },
    atRisk: (number) => `أبقِ هذه الصفحة مفتوحة: فيها وحدها ${changes(number)}.`,
    notYetKept: (number) => `أبقِ هذه الصفحة مفتوحة لحظة: لم يُحفظ على هذا الجهاز بعد ${changes(number)}.`,
    keptHere: (number) => `محفوظ على هذا الجهاز: ${changes(number)}.`,
    downloadable: (number) => `محفوظ على هذا الجهاز ويمكن تنزيله: ${changes(number)}.`,
    sentLater: (number) =>
      `محفوظ على هذا الجهاز، وإن أغلقت هذه الصفحة، ويُرسل حين يقبله الخادم: ${changes(number)}.`,
    mayGo: 'قد يزيلها المتصفح إن ضاقت مساحة هذا الجهاز.',
    overHttp: 'متصل عبر HTTP',
    overHttpByNetwork: 'متصل عبر HTTP: شبكتك تحجب WebSocket',
    overHttpMore: (way) => `${way}. هذا يعمل أيضًا: يرى الآخرون تغييراتك متأخرة قليلًا.`,
  },

  editor: {
    text: 'المستند',
    format: 'التنسيق',
    placeholder: 'اكتب شيئًا…',
    newer: 'صُنع بإصدار أحدث من Sheaf',
    more: 'تنسيقات أخرى',
    leave: 'اضغط Escape ثم Tab لمغادرة النص.',
    inset: (steps: number) => (steps === 0 ? 'بلا مسافة بادئة' : `المسافة البادئة: ${steps}`),
    task: (words) => `مهمة: ${words}`,
    outline: 'المخطط',
    leaveFocus: 'إنهاء وضع التركيز',
    placeCopied: 'نُسخ رابط الفقرة',
    placeGone: 'لم يعد الموضع الذي يقود إليه هذا الرابط موجودًا',
  },

  commands: {
    undo: 'تراجع',
    redo: 'إعادة',
    bold: 'غامق',
    italic: 'مائل',
    underline: 'تحته خط',
    strike: 'يتوسطه خط',
    code: 'رمز',
    'heading-1': 'عنوان 1',
    'heading-2': 'عنوان 2',
    'heading-3': 'عنوان 3',
    'bullet-list': 'قائمة نقطية',
    'ordered-list': 'قائمة مرقّمة',
    'task-list': 'قائمة مهام',
    quote: 'اقتباس',
    'code-block': 'كتلة رموز',
    paragraph: 'نص',
    image: 'صورة',
    file: 'ملف',
    divider: 'فاصل',
    link: 'رابط',
    'block-menu': 'قائمة الفقرة',
    'move-up': 'نقل إلى أعلى',
    'move-down': 'نقل إلى أسفل',
    duplicate: 'تكرار',
    'link-to-block': 'نسخ رابط الفقرة',
    delete: 'حذف الفقرة',
    import: 'استيراد Markdown أو HTML…',
    find: 'بحث',
    replace: 'بحث واستبدال',
    'focus-mode': 'وضع التركيز',
    'full-width': 'العرض الكامل',
    typography: 'علامات الاقتباس والشرطات الطباعية',
    palette: 'اذهب إلى…',
    shortcuts: 'اختصارات لوحة المفاتيح',
    subscript: 'منخفض',
    superscript: 'مرتفع',
    highlight: 'تمييز',
    'align-start': 'محاذاة إلى البداية',
    'align-center': 'توسيط',
    'align-end': 'محاذاة إلى النهاية',
    'align-justify': 'ضبط',
    outdent: 'تقليل المسافة البادئة',
    indent: 'زيادة المسافة البادئة',
    'clear-format': 'مسح التنسيق',
    callout: 'تنبيه',
    toggle: 'قسم قابل للطي',
    table: 'جدول',
    date: 'تاريخ',
    mention: 'إشارة',
    contents: 'جدول المحتويات',
    footnote: 'حاشية',
    formula: 'صيغة',
    'formula-block': 'كتلة صيغة',
    diagram: 'مخطط',
    embed: 'تضمين أو بطاقة رابط',
    'link-card': 'بطاقة رابط',
    'callout-icon': 'رمز التنبيه',
  },

  beside: async () => (await import('./beside/ar.ts')).besideWords,

  importing: {
    done: (name) => `تم استيراد ${name}`,
    tooLarge: (name, most) => `${name} كبير جدًا: الحد الأقصى ${most}`,
    unreadable: (name) => `لا يحتوي ${name} على نص يمكن قراءته`,
    failed: 'تعذّر استيراد الملف.',
  },
  media: {
    unnamed: 'ملف',
    tooLarge: (name, most) => `${name} كبير جدًا: الحد الأقصى ${most}`,
    notAdded: 'تعذّرت إضافة الملف.',
    picturesLost: 'تعذّر لصق بعض الصور. انسخ الصورة وحدها أو اسحب ملفها إلى هنا.',
    shown: async () => (await import('./media/ar.ts')).mediaWords,
  },

  container: {
    kind: 'نوع التنبيه',
    note: 'ملاحظة',
    info: 'مهم',
    success: 'نصيحة',
    warning: 'تحذير',
    danger: 'خطر',
    hideBelow: 'أخفِ ما تحته',
    showBelow: 'أظهر ما تحته',
    iconIs: (icon: string | null) => (icon === null ? 'رمز النوع' : `الرمز: ${icon}`),
  },

  colours: {
    menu: 'الألوان',
    text: 'النص',
    highlight: 'التمييز',
    none: 'بلا لون',
    names: {
      gray: 'رمادي',
      red: 'أحمر',
      orange: 'برتقالي',
      yellow: 'أصفر',
      green: 'أخضر',
      blue: 'أزرق',
      purple: 'بنفسجي',
      pink: 'وردي',
    },
  },

  alsoCalled: async () => (await import('./called/ar.ts')).alsoCalled,

  math: { source: 'صيغة بلغة TeX', nothing: 'صيغة فارغة' },

  source: async () => (await import('./source/ar.ts')).sourceWords,

  contents: { title: 'جدول المحتويات', nothing: 'لا عناوين بعد' },

  footnotes: {
    sign: digits,
    note: (number) => `الحاشية ${digits(number)}`,
    lacking: (number) => `الحاشية ${digits(number)}، بلا نص`,
    back: (number) => `العودة إلى النص من الحاشية ${digits(number)}`,
    unreferenced: 'حاشية بلا إحالة',
    refer: 'أدرج إحالة إليها عند المؤشر',
    remove: 'احذف الحاشية',
  },

  companions: async () => (await import('./companions/ar.ts')).companionWords,

  counts: async () => (await import('./counts/ar.ts')).countsWords,

  palette: async () => (await import('./palette/ar.ts')).paletteWords,

  shortcuts: async () => (await import('./shortcuts/ar.ts')).shortcutWords,

  together: {
    joined: (name) => `${name} هنا`,
    joinedMany: (number) =>
      count(number, {
        zero: 'لا أحد غيرهم هنا',
        one: 'شخص آخر هنا',
        two: 'شخصان آخران هنا',
        few: '# أشخاص آخرين هنا',
        many: '# شخصًا آخر هنا',
        other: '# شخص آخر هنا',
      }),
    follow: (name) => `تابع ${name}`,
    away: (name) => `${name}، غائب`,
    following: (name) => `أنت تتابع ${name}. ينهي ذلك Escape أو التمرير.`,
    stopped: (name) => `لم تعد تتابع ${name}`,
    nowhere: (name) => `ليس ${name} في أي موضع من النص بعد`,
  },

  quotes: { open: '«', close: '»', openInner: '“', closeInner: '”' },
};
