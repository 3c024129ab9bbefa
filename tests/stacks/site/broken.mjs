// It fails as it is loaded.
import { fail } from './fail.mjs';
/*<broken*/fail();/*>*/
