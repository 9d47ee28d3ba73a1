/** Where other nodes are: an address, or a name that stands for the addresses of several. */
export interface PeerSource {
  readonly kind: 'address' | 'dns';
  readonly host: string;
  readonly port: number;
}

/** Whoever works on the store that nodes share is a peer. */
export interface StoreSource {
  readonly kind: 'database';
}
