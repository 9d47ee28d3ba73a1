import type { Alignment } from '@sheaf/schema';
import AlignCenter from '@lucide/svelte/icons/text-align-center';
import AlignEnd from '@lucide/svelte/icons/text-align-end';
import AlignJustify from '@lucide/svelte/icons/text-align-justify';
import AlignStart from '@lucide/svelte/icons/text-align-start';
import { alignmentAt } from '../style/text-style.ts';
import { edit, outsideCode } from './command.ts';
import type { Command, Icon } from './command.ts';

const alignment = (align: Alignment | null, key: string, icon: Icon): Command => ({
  id: `align-${align ?? 'start'}`,
  icon,
  group: 'align',
  places: ['bar'],
  keys: `Mod-Shift-${key}`,
  mirrored: true,
  active: ({ editor }) => alignmentAt(editor) === align,
  able: outsideCode,
  run: edit((chain) => chain.setAlignment(align)),
});

export const ALIGNMENTS: readonly Command[] = [
  alignment(null, 'l', AlignStart),
  alignment('center', 'e', AlignCenter),
  alignment('end', 'r', AlignEnd),
  alignment('justify', 'j', AlignJustify),
];
