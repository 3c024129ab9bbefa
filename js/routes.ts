// Changes of the document's URL without a load: by the Navigation API where there is one, else by the History API.

import { Kind } from './kinds.ts';
import { guarded, tell } from './packet.ts';
import { onPainted } from './sense.ts';

const report = guarded((kind: string): void => {
  const at = performance.now();
  tell(Kind.Route, [at, shareHere()], [kind, location.href]);
  // One that nobody sees is painted when they are back.
  if (!document.hidden) onPainted((painted) => tell(Kind.RoutePainted, [at, painted]));
});
const navigation = (): EventTarget | undefined => (window as any).navigation;

const onChange = (event: Event): void => {
  const { navigationType } = event as any;
  if (navigationType) report(navigationType);
};
const onPop = (): void => report('traverse');

let undo: (() => void)[] = [];

/** Wraps one of the two methods of `history` that change the URL. */
const wrapMethod = (name: 'pushState' | 'replaceState', kind: string): void => {
  const native = history[name];
  const proxy = new Proxy(native, {
    apply(target, self, args) {
      const result = Reflect.apply(target, self, args);
      report(kind);
      return result;
    },
  });
  history[name] = proxy;
  undo.push(() => {
    if (history[name] === proxy) history[name] = native;
  });
};

let shareHere = (): number => 1;

/** Begins to watch; `share` says what share of sessions is reported where the page is. */
export const watchRoutes = (share: () => number): void => {
  shareHere = share;
  const api = navigation();
  if (api) {
    api.addEventListener('currententrychange', onChange);
    return;
  }
  wrapMethod('pushState', 'push');
  wrapMethod('replaceState', 'replace');
  addEventListener('popstate', onPop);
};

export const unwatchRoutes = (): void => {
  navigation()?.removeEventListener('currententrychange', onChange);
  removeEventListener('popstate', onPop);
  undo.forEach((restore) => restore());
  undo = [];
};
