// META: title=a page that looks for the agent's tag

promise_test(async () => {
  // Scripts that do not block have run by then.
  await new Promise((resolve) => addEventListener('load', resolve));
  assert_equals(typeof window.vitrum, 'undefined');
}, 'nobody is called vitrum');
