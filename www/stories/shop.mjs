// The site's own script in the npm form. `vitrum` is found through the package's own exports.

import { consent, init, stop, watchWorker } from 'vitrum';

window.agent = { consent, stop, watchWorker };
init(JSON.parse(document.getElementById('options').textContent));
