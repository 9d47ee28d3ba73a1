import type { NotFoundWords } from './en.ts';

/** Arabic. */
export const notFoundWords: NotFoundWords = {
  title: 'غير موجود',
  heading: 'لا توجد صفحة كهذه',
  before: 'ربما كُتب العنوان خطأً. عناوين المستندات تبدأ بـ',
  after: '.',
};
