// The site's own script in the npm form. `vitrum` is found through the package's own exports.

import { consent, forget, init, stop, user, watchWorker } from 'vitrum';

window.agent = { consent, forget, stop, user, watchWorker };
init(JSON.parse(document.getElementById('options').textContent));
