// Starts the dashboard: one header, four screens, and the address bar that chooses between them.

import { element } from './element';
import { createErrorPage } from './error_page';
import { createErrorsPage } from './errors_page';
import { createHeader } from './header';
import { listenLive } from './live';
import { createOverview } from './overview';
import { errorsAddress, followLinks, overviewAddress, readRoute } from './route';
import { createViewPage } from './view_page';

/** The range ends now: it has to move on even when nothing arrives. */
const TICK_MS = 60_000;

function start(root: HTMLElement): void {
  let lastOverview = '/';
  const header = createHeader();
  const overview = createOverview(header.setServices);
  const view = createViewPage(() => lastOverview);
  let lastErrors = '/errors';
  const errors = createErrorsPage(header.setServices);
  const error = createErrorPage(() => lastErrors);
  const unknown = element(
    'main',
    { class: 'page' },
    element('h1', {}, 'No such page'),
    element('a', { href: '/' }, 'To the overview'),
  );
  root.append(header.root, overview.root, errors.root, error.root, view.root, unknown);

  const refresh = (): void => {
    if (document.hidden) return;
    const { screen } = readRoute();
    if (screen === 'overview') overview.refresh();
    else if (screen === 'view') view.refresh();
    else if (screen === 'errors') errors.refresh();
    else if (screen === 'error') error.refresh();
  };

  const show = (): void => {
    const route = readRoute();
    header.update();
    overview.root.hidden = route.screen !== 'overview';
    view.root.hidden = route.screen !== 'view';
    errors.root.hidden = route.screen !== 'errors';
    error.root.hidden = route.screen !== 'error';
    unknown.hidden = route.screen !== 'unknown';
    if (route.screen === 'view') {
      document.title = 'Page view · Vitrum';
      view.open(route.id);
    } else if (route.screen === 'overview') {
      document.title = 'Vitrum';
      lastOverview = overviewAddress(route.range, route.service);
      // Coming back from a view, the overview is still there: no flash, and the scroll position holds.
      overview.open();
    } else if (route.screen === 'errors') {
      document.title = 'Errors · Vitrum';
      lastErrors = errorsAddress(route);
      errors.open();
    } else if (route.screen === 'error') {
      document.title = 'Error · Vitrum';
      error.open(route);
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
