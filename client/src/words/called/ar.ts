import type { AlsoCalled } from './en.ts';

/** What else commands are searched by, words apart: Arabic. */
export const alsoCalled: AlsoCalled = {
  paragraph: 'فقرة عادي',
  'heading-1': 'h1 كبير',
  'heading-2': 'h2 قسم',
  'heading-3': 'h3 صغير',
  'bullet-list': 'نقاط ul',
  'ordered-list': 'أرقام ol',
  'task-list': 'مهام todo',
  quote: 'استشهاد',
  'code-block': 'برمجة',
  image: 'رسم رفع jpg png',
  file: 'مرفق رفع pdf مستند',
  divider: 'خط hr',
  date: 'يوم تقويم',
  mention: 'شخص اسم مستند رابط',
  contents: 'فهرس عناوين toc',
  footnote: 'هامش ملاحظة مرجع',
  formula: 'رياضيات معادلة tex',
  'formula-block': 'رياضيات معادلة كتلة tex',
  diagram: 'mermaid رسم تدفق مخطط بياني تسلسل جانت',
  embed: 'إشارة موقع فيديو خريطة url iframe youtube vimeo figma google loom codepen openstreetmap',
  'link-card': 'إشارة موقع معاينة url',
  outdent: 'إزاحة هامش أقل',
  indent: 'إزاحة هامش',
  'callout-icon': 'إيموجي أيقونة صورة',
};
