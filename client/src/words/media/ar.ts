import type { MediaWords } from './en.ts';

/** Arabic. */
export const mediaWords: MediaWords = {
  undescribed: 'صورة بلا وصف',
  caption: 'تعليق الصورة',
  describe: 'صِف الصورة لمن لا يراها',
  width: 'عرض الصورة',
  uploading: (percent) => `جارٍ الرفع، ${percent}`,
  elsewhere: (host) => `صورة في ${host} لا تُحمَّل من هنا`,
  open: 'افتح الصورة',
  download: (name) => `نزّل ${name}`,
  downloadShort: 'تنزيل',
  sending: {
    away: 'لم يُرفع بعد. هو محفوظ ويُرسل عند وجود اتصال.',
    missing: 'لا يقبله الخادم.',
    refused: 'لا يُسمح لك بإضافة ملفات إلى هذا المستند.',
    'too-large': 'يراه الخادم كبيرًا جدًا.',
    'too-many': 'لم يُرفع بعد: الخادم مشغول، أو في المستند ملفات كثيرة.',
    'no-room': 'لم يُرفع بعد: لا مكان في الخادم.',
    failed: 'تعذّر رفعه.',
  },
  getting: {
    away: 'يظهر عند وجود اتصال.',
    missing: 'ليس في الخادم بعد.',
    refused: 'لا يُسمح لك برؤيته.',
    'too-large': 'تعذّر تحميله.',
    'too-many': 'الخادم مشغول.',
    'no-room': 'تعذّر تحميله.',
    failed: 'تعذّر تحميله.',
  },
  card: {
    name: (title, host) => `${title}، رابط إلى ${host}`,
    none: 'لا عنوان بعد',
    title: 'الاسم',
    address: 'العنوان',
    wrong: 'هذا ليس عنوانًا على الويب.',
    show: 'اعرض هنا',
    hide: 'إخفاء',
    loads: (site) => `يُحمَّل من ${site} الذي يعلم بذلك أنك تشاهده`,
    frame: (title, site) => `${title}، يعرضه ${site}`,
  },
};
