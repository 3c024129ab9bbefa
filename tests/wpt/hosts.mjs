// The names under which tests find their servers, and the ports of this machine that are free for them.

import { once } from 'node:events';
import { createServer } from 'node:net';

export const HOST = 'web-platform.test';
export const OTHER_HOST = 'not-web-platform.test';
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]', '::1'];

/** Whether there is to be a server by this name. */
export function isServed(host) {
  const name = host.toLowerCase();
  const isOurs = LOOPBACK.includes(name) || [HOST, OTHER_HOST].some((own) => name === own || name.endsWith(`.${own}`));
  return isOurs && !name.split('.').includes('nonexistent');
}

export async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
