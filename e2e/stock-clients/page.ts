import { StockClient } from './stock-client.ts';

/** The two stock clients of a page. */
export interface StockPage {
  readonly hocuspocus: StockClient;
  readonly yWebSocket: StockClient;
}

declare global {
  interface Window {
    /** Connects both to the server that the page came from. */
    connectStock: (name: string) => void;
    stock: StockPage;
  }
}

window.connectStock = (name) => {
  const base = location.origin.replace('http', 'ws');
  window.stock = {
    hocuspocus: StockClient.hocuspocus(base, name),
    yWebSocket: StockClient.yWebSocket(base, name),
  };
};
