// A service worker that passes everything on, but answers one path itself. It times its own requests too.
importScripts('/dist/worker.js');

addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('fetch', (event) => {
  if (new URL(event.request.url).pathname === '/api/made') event.respondWith(new Response('made by the worker'));
  else event.respondWith(fetch(event.request));
});
