// META: title=a page that looks whether the agent has been there
// META: script=resources/session.js

// It remembers its session as soon as it is at work.
test(() => assert_equals(session(), null), 'nobody keeps a session');
test(() => assert_equals(document.readyState, 'loading'), 'the document is as it is');
promise_test(async () => {
  const response = await fetch('resources/said.sub.txt?word=fine&pipe=header(X-Said,yes)');
  assert_equals(response.headers.get('x-said'), 'yes');
  assert_equals((await response.text()).trim(), 'fine at web-platform.test');
}, 'requests pass');
