// Starts the dashboard: one header, two screens, and the address bar that chooses between them.

import { element } from './element';
import { createHeader } from './header';
import { listenLive } from './live';
import { createOverview } from './overview';
import { followLinks, overviewAddress, readRoute } from './route';
import { createViewPage } from './view_page';

/** The range ends now: it has to move on even when nothing arrives. */
const TICK_MS = 60_000;

function start(root: HTMLElement): void {
  let lastOverview = '/';
  const header = createHeader();
  const overview = createOverview(header.setServices);
  const view = createViewPage(() => lastOverview);
  const unknown = element(
    'main',
    { class: 'page' },
    element('h1', {}, 'No such page'),
    element('a', { href: '/' }, 'To the overview'),
  );
  root.append(header.root, overview.root, view.root, unknown);

  const refresh = (): void => {
    if (document.hidden) return;
    const { screen } = readRoute();
    if (screen === 'overview') overview.refresh();
    else if (screen === 'view') view.refresh();
  };

  const show = (): void => {
    const route = readRoute();
    header.update();
    overview.root.hidden = route.screen !== 'overview';
    view.root.hidden = route.screen !== 'view';
    unknown.hidden = route.screen !== 'unknown';
    if (route.screen === 'view') {
      document.title = 'Page view · Vitrum';
      view.open(route.id);
    } else if (route.screen === 'overview') {
      document.title = 'Vitrum';
      lastOverview = overviewAddress(route.range, route.service);
      // Coming back from a view, the overview is still there: no flash, and the scroll position holds.
      overview.open();
    }
  };

  followLinks(root);
  window.addEventListener('popstate', show);
  document.addEventListener('visibilitychange', refresh);
  window.setInterval(refresh, TICK_MS);
  listenLive(refresh, header.setLive);
  show();
}

const root = document.getElementById('dashboard');
if (root !== null) start(root);
