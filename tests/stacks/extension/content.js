// Runs in the page's own world, and gives it what fails.
cases.extension = function inContent() /*<inContent*/{
  null.anything;
}/*>*/;
cases.extensionOfPage = function inExtension() /*<inExtension*/{
  fail();
}/*>*/;
