import type { ShortcutWords } from './en.ts';

/** Arabic. */
export const shortcutWords: ShortcutWords = {
  title: 'اختصارات لوحة المفاتيح',
  search: 'ابحث في الاختصارات',
  nothing: 'لا نتيجة',
  typed: 'تُكتب في بداية السطر',
  leave: 'مغادرة النص',
  toBar: 'إلى شريط التنسيق',
  slash: 'إدراج فقرة',
  colon: 'رمز تعبيري باسمه',
  sheet: 'هذه القائمة، خارج النص',
  indent: 'إزاحة بند أو فقرة أو شفرة إلى الداخل',
  outdent: 'إعادتها إلى الخارج',
  check: 'إنجاز مهمة، أو فتح قسم قابل للطي وإغلاقه',
  toHead: 'إلى لغة الرموز البرمجية',
  groups: {
    history: 'تراجع',
    mark: 'النص',
    heading: 'العناوين',
    list: 'القوائم والفقرات',
    align: 'المحاذاة',
    insert: 'إدراج',
    block: 'الفقرات',
    view: 'العرض',
    page: 'الصفحة',
  },
};
