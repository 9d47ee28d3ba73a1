import { changes } from '../ar.ts';
import type { ListWords } from './en.ts';

/** Arabic. */
export const listWords: ListWords = {
  title: 'المستندات',
  creating: 'يجري الإنشاء…',
  notCreated: (reason) => `لم يُنشأ المستند. ${reason}`,
  failed: 'تعذّر تحميل القائمة',
  failedMore: (reason) => `${reason} لم يُفقد شيء: المستندات محفوظة على الخادم.`,
  empty: 'لا شيء هنا بعد',
  emptyMore: 'ابدأ مستندًا وأرسل عنوانه إلى من تريد أن يكتب معك.',
  loading: 'يجري تحميل القائمة…',
  kept: 'تعذّر الوصول إلى الخادم. هذه هي المستندات المحفوظة على هذا الجهاز؛ يمكنك قراءتها والكتابة فيها.',
  more: 'عرض المزيد',
  keptDenied: (reason) => `${reason} هذه هي المستندات المحفوظة على هذا الجهاز.`,
  unsent: (number) => `لم يُرسل: ${changes(number)}`,
};
