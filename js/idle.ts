// When the page has done its own work.

/** Calls back when the document is loaded, shown, and idle. */
export const whenIdle = (action: () => void): void => {
  const idle = (): unknown => ((window as any).requestIdleCallback ? requestIdleCallback(action, { timeout: 2000 }) : setTimeout(action, 50));
  // Within the load event its end is not known yet; the turn after it is. A page may make up load events of its own.
  const loaded = (): unknown => (document.readyState === 'complete' ? setTimeout(idle) : addEventListener('load', ({ isTrusted }) => isTrusted && setTimeout(idle)));
  if ((document as any).prerendering) document.addEventListener('prerenderingchange', loaded, { once: true });
  else loaded();
};
