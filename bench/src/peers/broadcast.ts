import { listen } from './listen.ts';

/* A bare ws broadcast: what arrives goes to everybody else, unread. What a relay on ws can't be cheaper than. */
listen((socket, _request, server) => {
  socket.on('message', (data) => {
    for (const other of server.clients) if (other !== socket) other.send(data, { binary: true });
  });
});
