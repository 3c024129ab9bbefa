// Nothing changes for the page in Firefox.

import { conformance } from './suite.mjs';
import { firefox } from './visits.mjs';

conformance(firefox, ['early', 'tag', 'npm', 'stopped']);
