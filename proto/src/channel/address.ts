/** How a channel is found and named over HTTP (SPEC CH-8). Below a protocol's endpoint `P`: */

/** Subprotocol by which a WebSocket to `P` is a channel's carrier and no plain connection (RFC 6455, section 1.9). */
export const CHANNEL_SUBPROTOCOL = 'sheaf.channel.v1';

/** `P/channel/open`: POST a `hello`, answered by a `welcome`. Makes the channel, or proves the way to it. */
export const OPEN_PATH = '/channel/open';
/** `P/channel/events?turn=&received=`: GET, an event stream (WHATWG HTML, section 9.2); takes the channel. */
export const EVENTS_PATH = '/channel/events';
/** `P/channel/messages?from=`: POST frames whose first counted one follows number `from`; answered by an `ack`. */
export const MESSAGES_PATH = '/channel/messages';
/** `P/channel/poll?turn=&received=`: POST nothing; answered by frames as soon as there are some. Takes the channel. */
export const POLL_PATH = '/channel/poll';

/** Who asks: the channel's id, and its key. Hexadecimal, in every request but `open`. */
export const CHANNEL_HEADER = 'sheaf-channel';
export const KEY_HEADER = 'sheaf-channel-key';
/** The same for an EventSource, which can't send headers: `?channel=&key=`. */
export const CHANNEL_PARAMETER = 'channel';
export const KEY_PARAMETER = 'key';

/** Media type of rows of frames. */
export const FRAMES_TYPE = 'application/octet-stream';
