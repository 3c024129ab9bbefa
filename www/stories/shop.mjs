// The site's own script in the npm form. `vitrum` is found through the package's own exports.

import { consent, event, forget, init, stop, user, watchWorker } from 'vitrum';

window.agent = { consent, event, forget, stop, user, watchWorker };
// Functions are nothing that a page's data can hold.
const { beforeSend } = window;
init({ ...JSON.parse(document.getElementById('options').textContent), ...(beforeSend && { beforeSend }) });
