// The real collector, on a free port with folders of its own, and what it has taken, read with the official schema.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { decode, initSync } from '../../target/inspect/vitrum_inspect.js';

const PROGRAM = resolve('target/debug/vitrum-collector');
const GREETING = 'vitrum-collector listening on ';

/** A visit that was too short for the agent is JSON. */
export const isShort = (body) => body[0] === 0x7b;

initSync({ module: readFileSync('target/inspect/vitrum_inspect_bg.wasm') });

export class Collector {
  static async start() {
    const folder = mkdtempSync(join(tmpdir(), 'vitrum-e2e-'));
    const bodies = join(folder, 'bodies');
    const options = ['--listen', '127.0.0.1:0', '--log-level', 'warn', '--allow-origin', '*'];
    const child = spawn(PROGRAM, [...options, '--data', join(folder, 'data'), '--capture', bodies], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise((resolve, reject) => {
      child.once('exit', resolve);
      child.once('error', reject);
    });
    const origin = await Promise.race([
      greeting(child.stdout),
      ended.then((code) => {
        throw new Error(`the collector ended with ${code} before it listened`);
      }),
    ]);
    return Object.assign(new Collector(), { child, ended, origin, folder, bodies });
  }

  /** The bodies it has taken, as they arrived. */
  captured() {
    return existsSync(this.bodies) ? readdirSync(this.bodies).sort().map((name) => readFileSync(join(this.bodies, name))) : [];
  }

  /** Those of the agent, as batches. */
  batches() {
    return this.captured().filter((body) => !isShort(body)).map((body) => decode(body));
  }

  /** The visits that were too short for the agent, as the loader told them. */
  shorts() {
    return this.captured().filter(isShort).map((body) => JSON.parse(body));
  }

  async close() {
    this.child.kill('SIGTERM');
    await this.ended;
    rmSync(this.folder, { recursive: true });
  }
}

async function greeting(stdout) {
  for await (const line of createInterface(stdout)) {
    if (line.startsWith(GREETING)) return line.slice(GREETING.length).trim();
  }
  throw new Error('the collector did not say where it listens');
}
