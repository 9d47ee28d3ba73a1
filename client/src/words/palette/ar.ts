import { results } from '../ar.ts';
import type { PaletteWords } from './en.ts';

/** Arabic. */
export const paletteWords: PaletteWords = {
  title: 'اذهب إلى',
  search: 'ابحث في المستندات والأوامر',
  documents: 'المستندات',
  headings: 'في هذا المستند',
  commands: 'الأوامر',
  nothing: 'لا نتيجة',
  results: (number) => results(number),
};
