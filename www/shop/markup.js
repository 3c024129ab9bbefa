// Builds the shop's elements; text enters only as text.

/** An attribute that is a function listens to the event of that name. */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') node.addEventListener(name, value);
    else if (value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

export function picture(product, size) {
  return element('img', { src: `/pictures/${product.picture}.svg`, alt: `${product.name}`, width: size, height: size });
}

const SAID_MS = 6000;
let silence;

/** Says what just happened; the place is outside the page's flow, so nothing moves. */
export function say(text) {
  const message = document.getElementById('message');
  message.textContent = text;
  message.classList.toggle('shown', text !== '');
  window.clearTimeout(silence);
  if (text !== '') silence = window.setTimeout(() => say(''), SAID_MS);
}
