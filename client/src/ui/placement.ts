/** A place in the window, px. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Nothing comes nearer to the window's edge, px. */
const MARGIN = 8;
/** Between what is shown and what it belongs to, px. */
const DISTANCE = 6;

/**
 * Where something of `size` stands beside `box`, wholly within `room`: below it, or above where that has more room,
 * flush with the edge at which reading begins.
 */
export function placeBeside(
  box: Box,
  size: Size,
  options: { room: Size; rightToLeft: boolean; prefer?: 'below' | 'above' },
): { left: number; top: number } {
  const { room, rightToLeft, prefer = 'below' } = options;
  const below = box.bottom + DISTANCE;
  const above = box.top - DISTANCE - size.height;
  const fitsBelow = below + size.height <= room.height - MARGIN;
  const fitsAbove = above >= MARGIN;
  const useAbove = prefer === 'above' ? fitsAbove || !fitsBelow : !fitsBelow && fitsAbove;
  const left = rightToLeft ? box.right - size.width : box.left;
  return {
    left: clamp(left, room.width - size.width),
    top: clamp(useAbove ? above : below, room.height - size.height),
  };
}

/** Puts an element that is fixed in the window beside `box`, above the keyboard of a phone. */
export function standBeside(element: HTMLElement, box: Box, prefer?: 'below' | 'above'): void {
  const place = placeBeside(
    box,
    { width: element.offsetWidth, height: element.offsetHeight },
    {
      room: { width: innerWidth, height: window.visualViewport?.height ?? innerHeight },
      rightToLeft: getComputedStyle(element).direction === 'rtl',
      ...(prefer ? { prefer } : {}),
    },
  );
  element.style.left = `${place.left}px`;
  element.style.top = `${place.top}px`;
}

function clamp(value: number, most: number): number {
  return Math.max(MARGIN, Math.min(value, most - MARGIN));
}
