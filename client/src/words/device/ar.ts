import { changes, count } from '../ar.ts';
import type { DeviceWords } from './en.ts';

/** Arabic. */
export const deviceWords: DeviceWords = {
  title: 'على هذا الجهاز',
  failed: 'تعذّرت قراءة ما هو محفوظ هنا',
  intro: 'يحتفظ هذا المتصفح بنسخة من المستندات التي فتحتها، لتُفتح فورًا ويمكن الكتابة فيها دون شبكة.',
  needsHttps: 'لا يُفتح Sheaf نفسه هنا دون شبكة: تسمح المتصفحات بذلك للعناوين التي تبدأ بـ https فقط.',
  reading: 'تجري القراءة…',
  removed: 'أُزيل كل شيء.',
  nothing: 'لا شيء محفوظ على هذا الجهاز.',
  forget: 'امحُ ما على هذا الجهاز',
  forgetMore: 'يزيل هذه النسخ من هذا المتصفح. تبقى المستندات على الخادم.',
  changedMeanwhile: 'كُتب شيء في هذه الأثناء، هنا أو في لسان آخر: اطّلع عليه أولًا.',
  notYet: (number) =>
    `ليس بعد: ${count(number, {
      zero: 'لا مستندات',
      one: 'مستند واحد',
      two: 'مستندان',
      few: '# مستندات',
      many: '# مستندًا',
      other: '# مستند',
    })} بتغييرات ليست على الخادم. افتح كلًّا منها مع اتصال، أو نزّله أو تخلّص منه.`,
  deleted: 'حُذف على الخادم',
  damaged: (number) =>
    count(number, {
      zero: 'لا أجزاء تالفة',
      one: 'وُضع جزء تالف جانبًا',
      two: 'وُضع جزءان تالفان جانبًا',
      few: 'وُضعت # أجزاء تالفة جانبًا',
      many: 'وُضع # جزءًا تالفًا جانبًا',
      other: 'وُضع # جزء تالف جانبًا',
    }),
  unsent: (number) => `ليس على الخادم: ${changes(number)}`,
  unsentDownloaded: (number) => `ليس على الخادم لكنه نُزّل: ${changes(number)}`,
  downloadText: 'تنزيل النص',
  downloadTextOf: (title) => `تنزيل نص ${title}`,
  update: 'تحديث Yjs',
  updateOf: (title) => `تحديث Yjs من ${title}`,
  discard: 'تخلّص',
  discardOf: (title) => `تخلّص من ${title}`,
  discardSure: 'تخلّص نهائيًا؟',
  discardSureOf: (title) => `تخلّص نهائيًا؟ ${title}`,
};
