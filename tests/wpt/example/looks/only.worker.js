// Only for workers.

importScripts('/resources/testharness.js');
test(() => assert_equals(typeof window, 'undefined'), 'there is no window');
