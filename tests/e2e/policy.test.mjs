// A site with a strict Content-Security-Policy: the agent needs one word in it, and without that is not there.

import assert from 'node:assert/strict';
import { story } from './stage.mjs';

const policy = (stage, scripts) => ({
  'content-security-policy': `default-src 'none'; img-src data:; script-src ${scripts}; connect-src 'self' ${stage.relay.origin}`,
});

story("under script-src 'self' 'wasm-unsafe-eval' everything works", async (stage) => {
  stage.site.headers = policy(stage, "'self' 'wasm-unsafe-eval'");
  await stage.watch('strict.html');
  await stage.leave();
  const records = await stage.until('the page', (records) => records.vital('cls'));
  assert.equal(records.events('browser.navigation').length, 1);
  assert.deepEqual(stage.console, []);
  assert.deepEqual(stage.uncaught, []);
});

story("without 'wasm-unsafe-eval' the page works and nothing throws", async (stage) => {
  stage.site.headers = policy(stage, "'self'");
  const silent = stage.page.waitForEvent('console', (message) => message.text().startsWith('Vitrum could not start'));
  const loud = stage.page.waitForEvent('pageerror').catch(() => {});
  await stage.visit('strict.html');
  await Promise.race([silent, loud]);
  assert.deepEqual(stage.uncaught, []);
  assert.equal((await silent).type(), 'debug');
  assert.equal(await stage.page.title(), 'A strict page, greeted');
  await stage.run(async () => {
    window.heard = [];
    for (const type of ['error', 'unhandledrejection']) addEventListener(type, () => window.heard.push(type));
    await fetch('/api/ok');
    setTimeout(() => Promise.reject('the page’s own'));
  });
  await stage.held(() => window.heard.length > 0);
  assert.deepEqual(await stage.run(() => window.heard), ['unhandledrejection']);
  assert.ok(await stage.run(() => window.fetch === window.witness.fetch));
  assert.equal(stage.uncaught.length, 1);
  assert.deepEqual(stage.relay.requests, []);
});
