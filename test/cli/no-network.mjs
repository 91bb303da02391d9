// Loaded before the program: any attempt to reach a network ends it with a code of its own.
import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';

function refuse(what) {
  return () => {
    process.stderr.write(`opened a socket: ${what}\n`);
    process.exit(99);
  };
}

net.Socket.prototype.connect = refuse('net.connect');
net.Server.prototype.listen = refuse('net.listen');
dgram.Socket.prototype.bind = refuse('dgram.bind');
dgram.Socket.prototype.send = refuse('dgram.send');
dns.lookup = refuse('dns.lookup');
dns.promises.lookup = refuse('dns.promises.lookup');
