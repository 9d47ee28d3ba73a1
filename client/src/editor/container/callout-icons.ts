import CircleCheck from '@lucide/svelte/icons/circle-check';
import Info from '@lucide/svelte/icons/info';
import NotebookPen from '@lucide/svelte/icons/notebook-pen';
import OctagonAlert from '@lucide/svelte/icons/octagon-alert';
import TriangleAlert from '@lucide/svelte/icons/triangle-alert';
import type { CalloutKind, CalloutLook } from '@sheaf/schema';
import { mount, unmount } from 'svelte';

const ICONS = {
  note: NotebookPen,
  info: Info,
  success: CircleCheck,
  warning: TriangleAlert,
  danger: OctagonAlert,
} as const satisfies Readonly<Record<CalloutKind, unknown>>;

/** How large it is, px. */
const SIZE = 16;

/** Shows in `target` what a callout is told by beside its kind's name; what is returned takes it away again. */
export function showCalloutIcon(target: HTMLElement, { kind, icon: own }: CalloutLook): () => void {
  if (own !== null) {
    target.textContent = own;
    return () => target.replaceChildren();
  }
  const icon = mount(ICONS[kind], { target, props: { size: SIZE, 'aria-hidden': true } });
  return () => void unmount(icon);
}
