// What the site of these stories answers besides its files: pictures of any size, answers that wait, and redirects.

import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

/** So many bytes for each pixel, and browsers take a picture for content and not for a background. */
const BYTES_PER_PIXEL = 0.05;

const question = ({ url }) => Object.fromEntries(new URL(url, 'http://site').searchParams);

function picture(size, color) {
  const [width, height] = size.split('x').map(Number);
  const noise = '<!--' + 'content '.repeat((width * height * BYTES_PER_PIXEL) / 8) + '-->';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="${color}"/>${noise}</svg>`;
}

/** Doors that answers wait behind until the test opens them. */
export class Gates {
  #gates = new Map();

  #gate(name) {
    if (!this.#gates.has(name)) {
      const gate = {};
      gate.opened = new Promise((resolve) => (gate.open = resolve));
      gate.reached = new Promise((resolve) => (gate.reach = resolve));
      this.#gates.set(name, gate);
    }
    return this.#gates.get(name);
  }

  open(name) {
    this.#gate(name).open();
  }

  /** Somebody waits at the gate, or has. */
  reached(name) {
    return this.#gate(name).reached;
  }

  /** Behind the gate that the request names, and for as long as it says. */
  async pass({ gate, wait }) {
    if (gate) {
      this.#gate(gate).reach();
      await this.#gate(gate).opened;
    }
    if (wait) await pause(Number(wait));
  }
}

export class Answers {
  gates = new Gates();
  #send;
  /** What a page has sent that nobody looks into. */
  sent = new Promise((resolve) => (this.#send = resolve));

  /** By the last part of the path, as the site asks for them. */
  table = {
    picture: async (request, response) => {
      const { size = '400x300', color = 'teal', keep, secret, ...delay } = question(request);
      await this.gates.pass(delay);
      const origin = secret ? {} : { 'timing-allow-origin': '*' };
      const cache = { 'cache-control': keep ? 'max-age=600' : 'no-store' };
      response.writeHead(200, { 'content-type': 'image/svg+xml', ...cache, ...origin }).end(picture(size, color));
    },
    wait: async (request, response) => {
      await this.gates.pass(question(request));
      response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'no-store' }).end('done');
    },
    /** Another file of the site, late. */
    late: async (request, response) => {
      const { file, ...delay } = question(request);
      await this.gates.pass(delay);
      const found = await fetch(new URL(file, `http://${request.headers.host}`));
      const headers = { 'content-type': found.headers.get('content-type'), 'cache-control': 'no-store' };
      response.writeHead(found.status, headers).end(Buffer.from(await found.arrayBuffer()));
    },
    /** Somewhere else. */
    hop: async (request, response) => {
      const { to, ...delay } = question(request);
      await this.gates.pass(delay);
      response.writeHead(302, { location: to, 'cache-control': 'no-store' }).end();
    },
    /** A collector that keeps nothing. */
    beacon: (_, response) => response.writeHead(204).end(),
    send: async (request, response) => {
      this.#send(JSON.parse(await text(request)));
      response.writeHead(204).end();
    },
  };
}
