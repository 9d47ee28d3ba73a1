import type { PersonWords } from './en.ts';

/** Arabic. */
export const personWords: PersonWords = {
  title: 'اسمك',
  heading: 'كيف يراك الآخرون',
  name: 'الاسم',
  colour: 'اللون',
  colourNumber: (number) => `اللون ${number}`,
  language: 'اللغة',
  note: 'يُحفظ في هذا المتصفح، وكذلك نسخ مستنداتك.',
  device: 'اعرضها، أو امحُ ما على هذا الجهاز',
};
