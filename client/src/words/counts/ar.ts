import { count } from '../ar.ts';
import type { CountsWords } from './en.ts';

/** Arabic. */
export const countsWords: CountsWords = {
  words: (number) =>
    count(number, {
      zero: 'لا كلمات',
      one: 'كلمة واحدة',
      two: 'كلمتان',
      few: '# كلمات',
      many: '# كلمة',
      other: '# كلمة',
    }),
  characters: (number) =>
    count(number, {
      zero: 'لا محارف',
      one: 'محرف واحد',
      two: 'محرفان',
      few: '# محارف',
      many: '# محرفًا',
      other: '# محرف',
    }),
  minutes: (number) =>
    count(number, {
      zero: 'لا وقت للقراءة',
      one: 'دقيقة للقراءة',
      two: 'دقيقتان للقراءة',
      few: '# دقائق للقراءة',
      many: '# دقيقة للقراءة',
      other: '# دقيقة للقراءة',
    }),
};
