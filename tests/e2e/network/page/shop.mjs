// The page's own script in the npm form.

import { init, stop } from 'vitrum';

const { conformance } = window;
init(conformance.options);
conformance.stopAgent = stop;
conformance.load();
