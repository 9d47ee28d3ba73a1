import { count, results } from '../ar.ts';
import type { CompanionWords } from './en.ts';

/** Arabic. */
export const companionWords: CompanionWords = {
  find: {
    title: 'بحث',
    find: 'ابحث في المستند',
    matchCase: 'مطابقة حالة الأحرف',
    wholeWord: 'كلمات كاملة',
    regex: 'تعبير نمطي',
    previous: 'المطابقة السابقة',
    next: 'المطابقة التالية',
    replaceMore: 'استبدال…',
    replaceWith: 'استبدل بـ',
    replace: 'استبدال',
    replaceAll: 'استبدال الكل',
    replaced: (number) =>
      count(number, {
        zero: 'لم يُستبدل شيء',
        one: 'استُبدل موضع واحد',
        two: 'استُبدل موضعان',
        few: 'استُبدلت # مواضع',
        many: 'استُبدل # موضعًا',
        other: 'استُبدل # موضع',
      }),
    position: (current, all) => `${current} من ${all}`,
    searching: 'يجري البحث…',
    nothing: 'لا نتيجة',
    slow: 'هذا النمط يستغرق وقتًا طويلًا',
    wrong: 'ليس تعبيرًا نمطيًا',
  },

  slash: {
    title: 'إدراج',
    nothing: 'لا شيء بهذا الاسم',
    results: (number) => results(number),
  },

  mention: {
    title: 'أشر إلى شخص أو مستند أو يوم',
    days: { today: 'اليوم', tomorrow: 'غدًا', yesterday: 'أمس' },
    put: (name: string) => `أُدرج: ${name}`,
  },

  bubble: { selection: 'النص المحدد', link: 'رابط', card: 'تحويل إلى بطاقة رابط' },

  emoji: { title: 'رموز تعبيرية', search: 'ابحث عن إيموجي (بأسماء إنجليزية)' },

  link: {
    title: 'رابط',
    address: 'العنوان',
    apply: 'تطبيق',
    open: 'فتح',
    edit: 'تحرير الرابط',
    remove: 'إزالة الرابط',
    wrong: 'ليس هذا عنوانًا يمكن أن يقود إليه رابط.',
  },
};
