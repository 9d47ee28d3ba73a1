/** Whether the keyboard is one of Apple's, whose Command key is meant by `Mod`. */
export function hasCommandKey(platform: string): boolean {
  return /mac|iphone|ipad/i.test(platform);
}
