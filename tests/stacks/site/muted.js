// It is served from another site, and the page does not ask for it by CORS.
cases.muted = () => {
  setTimeout(function hidden() {
    null.anything;
  }, 0);
  return new Promise(() => {});
};
