// The site's own script in the npm form. `vitrum` is found through the package's own exports.

import { addBreadcrumb, captureError, consent, event, forget, init, setFlag, stop, user, watchWorker } from 'vitrum';

window.agent = { addBreadcrumb, captureError, consent, event, forget, setFlag, stop, user, watchWorker };
// Functions are nothing that a page's data can hold.
const { beforeSend } = window;
init({ ...JSON.parse(document.getElementById('options').textContent), ...(beforeSend && { beforeSend }) });
