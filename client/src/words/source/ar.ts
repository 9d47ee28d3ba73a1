import type { SourceWords } from './en.ts';

/** Arabic. */
export const sourceWords: SourceWords = {
  code: {
    block: 'رموز برمجية',
    blockIn: (language) => `رموز بلغة ${language}`,
    language: 'لغة الرموز',
    plain: 'نص عادي',
    copy: 'نسخ الرموز',
    copied: 'نُسخت الرموز',
  },

  diagram: {
    label: 'مخطط',
    nothing: 'مخطط فارغ',
    unknown: 'لا يمكن رسم هذا النوع من المخططات هنا.',
    wrong: (line) => `لا يمكن رسم المخطط: السطر ${String(line)} غير مفهوم.`,
    failed: (words) => (words === '' ? 'لا يمكن رسم المخطط.' : `لا يمكن رسم المخطط: ${words}`),
    large: 'هذا أكبر من أن يُرسم.',
    slow: 'استغرق الرسم وقتًا طويلًا فأُوقف.',
    away: 'لا يمكن رسم المخططات بلا اتصال بعد.',
  },
};
