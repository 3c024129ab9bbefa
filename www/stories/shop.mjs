// The site's own script in the npm form. `vitrum` is found through the package's own exports.

import { addBreadcrumb, captureError, consent, event, forget, init, onVital, setFlag, stop, user, watchWorker } from 'vitrum';

window.agent = { addBreadcrumb, captureError, consent, event, forget, setFlag, stop, user, watchWorker };
// Functions are nothing that a page's data can hold.
const { beforeSend } = window;
init({ ...JSON.parse(document.getElementById('options').textContent), ...(beforeSend && { beforeSend }) });

// What a story has the site do at once: to listen to vitals, and to say something.
if (window.listens) onVital(window.listens);
for (const [name, ...args] of window.said || []) window.agent[name](...args);
