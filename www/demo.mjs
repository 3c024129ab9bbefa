// The demo: the collector with its database and dashboard, and the shop. With `--once` it is visited by a scripted user
// in headless Chromium, what was stored is shown, and all is stopped.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { visit } from './visit.mjs';

const isOnce = process.argv.includes('--once');
const data = mkdtempSync(join(tmpdir(), 'vitrum-demo-'));
const children = [];

/** Starts a program, and waits for the address it prints. */
const start = (program, args) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${program} ended with code ${code}`)));
    child.stdout.on('data', (bytes) => {
      const address = /listening on (http:\S+)/.exec(String(bytes));
      if (address) resolve(address[1]);
    });
  });

const stop = () => {
  for (const child of children) child.kill();
  rmSync(data, { recursive: true, force: true });
};

/** The collector has to allow the shop's origin, and the shop to know the collector's address: ports that are free. */
const main = async () => {
  const port = isOnce ? 0 : 4318;
  const collector = await start('target/debug/vitrum-collector', [
    ...['--listen', `127.0.0.1:${port}`, '--data', data],
    // Any shop on this machine: its port is not known yet.
    ...['--allow-origin', '*'],
  ]);
  const shop = await start('node', ['www/shop/server.mjs', '--port', isOnce ? '0' : '4400', '--endpoint', collector]);
  console.log(`\nShop       ${shop}\nDashboard  ${collector}\n`);
  if (!isOnce) {
    console.log('Use the shop and watch the dashboard. Ctrl+C ends both.');
    return;
  }
  const missing = await visit(shop, collector);
  stop();
  if (missing.length) console.error(`Missing: ${missing.join(', ')}`);
  process.exitCode = missing.length ? 1 : 0;
};

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    stop();
    process.exit(0);
  });
}

main().catch((fault) => {
  console.error(`demo: ${fault.message}`);
  stop();
  process.exit(1);
});
