// After `stop`: what was there before us is there again, the very same. Played in pages without us and in stopped ones.

export const checks = {
  'each function is the very one that was there': (t) => ({
    fetch: window.fetch === t.native.fetch,
    XMLHttpRequest: XMLHttpRequest === t.native.XMLHttpRequest,
    open: XMLHttpRequest.prototype.open === t.native.open,
    send: XMLHttpRequest.prototype.send === t.native.send,
    setRequestHeader: XMLHttpRequest.prototype.setRequestHeader === t.native.setRequestHeader,
    abort: XMLHttpRequest.prototype.abort === t.native.abort,
    sendBeacon: Navigator.prototype.sendBeacon === t.native.sendBeacon,
    EventSource: EventSource === t.native.EventSource,
    WebSocket: WebSocket === t.native.WebSocket,
  }),
  'nothing is told any more': async (t) => {
    const response = await fetch(t.own('ok'));
    return response.text();
  },
};
