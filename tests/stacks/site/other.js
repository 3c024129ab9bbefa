// It is served from another site.
cases.thirdParty = function fromElsewhere() /*<fromElsewhere*/{
  null.anything;
}/*>*/;
