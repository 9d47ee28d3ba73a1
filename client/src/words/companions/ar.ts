import { count } from '../ar.ts';
import type { FindWords } from './en.ts';

/** Arabic. */
export const findWords: FindWords = {
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
};
