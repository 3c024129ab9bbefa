// It is opened from a folder, without a server.
cases.fromFolder = function inFolder() /*<inFolder*/{
  null.anything;
}/*>*/;
