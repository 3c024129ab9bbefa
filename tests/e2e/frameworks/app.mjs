// A site that has each framework, and a part of each that fails. `window.fail` has them by their names.

import { captureError as ofEntry, init } from 'vitrum';
import { angular, boundary, react, solid, svelte, vue } from 'vitrum/errors';
import { Component, createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { createComponent, ErrorBoundary } from 'solid-js';
import { render } from 'solid-js/web';
import { mount } from 'svelte';
import { createApp, h } from 'vue';
import Bounded from './Bounded.svelte';

const options = document.getElementById('options');
if (options) {
  window.agent = {};
  init(JSON.parse(options.textContent));
}
const captureError = options ? ofEntry : (...args) => (window.vitrum ||= []).push(['captureError', ...args]);

const place = () => document.body.appendChild(document.createElement('main'));
const explode = (text) => {
  throw new RangeError(text);
};

class Boundary extends Component {
  state = {};
  static getDerivedStateFromError = () => ({ hasFailed: true });
  componentDidCatch(...args) {
    this.props.onCatch?.(...args);
  }
  render() {
    return this.state.hasFailed ? 'instead' : this.props.children;
  }
}
function Cart({ text }) {
  return explode(text);
}

window.fail = {
  reactCaught: () => createRoot(place(), react(captureError)).render(createElement(Boundary, null, createElement(Cart, { text: 'react caught' }))),
  reactUncaught: () => createRoot(place(), react(captureError)).render(createElement(Cart, { text: 'react uncaught' })),
  reactBoundary: () =>
    createRoot(place()).render(createElement(Boundary, { onCatch: boundary(captureError) }, createElement(Cart, { text: 'react boundary' }))),
  vue() {
    const app = createApp({ name: 'Basket', render: () => h('button', { onClick: () => explode('vue') }, 'Pay') });
    app.config.errorHandler = vue(captureError, app.config.errorHandler);
    const main = place();
    app.mount(main);
    main.firstChild.click();
  },
  vueBefore() {
    const app = createApp({ setup: () => explode('vue before') });
    app.config.errorHandler = vue(captureError, (error, _, info) => (window.before = [error.message, typeof info]));
    app.mount(place());
  },
  solid() {
    const main = place();
    const fallback = solid(captureError, (error) => `instead of ${error.message}`);
    render(() => createComponent(ErrorBoundary, { fallback, get children() { return explode('solid'); } }), main);
    return main.textContent;
  },
  svelte() {
    mount(Bounded, { target: place(), props: { explode, onerror: svelte(captureError) } });
  },
  // As the framework calls it: by the token `ErrorHandler`, with the error.
  angular: () => angular(captureError).handleError(new RangeError('angular')),
};
