// It is served from a path with brackets, spaces and an `@`.
cases.oddPath = function fromOddPath() /*<fromOddPath*/{
  fail();
}/*>*/;
cases.oddPathAnonymous = (() => () => /*<inOddPath*/{
  throw new Error('odd');
}/*>*/)();
