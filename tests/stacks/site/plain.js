// Functions of every form that a classic script has. What stands between marks is where a frame has to be.
function fail(message = 'planned') /*<fail*/{
  throw new Error(message);
}/*>*/

cases.function = function outer() /*<outer*/{
  fail();
}/*>*/;

cases.undefinedProperty = function readsNothing() /*<readsNothing*/{
  const nothing = undefined;
  return nothing.anything;
}/*>*/;

cases.notAFunction = function callsNothing() /*<callsNothing*/{
  const nothing = {};
  nothing.anything();
}/*>*/;

cases.unknownName = function namesNothing() /*<namesNothing*/{
  return notThereAtAll;
}/*>*/;

cases.anonymous = (() => () => /*<anonymous*/{
  fail();
}/*>*/)();

cases.nestedAnonymous = function holds() /*<holds*/{
  (function () /*<within*/{
    (() => /*<arrow*/{
      fail();
    }/*>*/)();
  }/*>*/)();
}/*>*/;

cases.method = () => /*<methodCase*/{
  const cart = {
    checkout() /*<checkout*/{
      fail();
    }/*>*/,
  };
  cart.checkout();
}/*>*/;

class Cart {
  static #count = 0;
  constructor(broken) /*<Cart*/{
    if (broken) fail();
  }/*>*/
  get total() /*<total*/{
    fail();
    return 1;
  }/*>*/
  set total(value) /*<setTotal*/{
    fail(value);
  }/*>*/
  static create() /*<create*/{
    fail();
  }/*>*/
  #secret() /*<secret*/{
    fail();
  }/*>*/
  reveal() /*<reveal*/{
    this.#secret();
  }/*>*/
  *items() /*<items*/{
    yield 1;
    fail();
  }/*>*/
  onClick = () => /*<onClick*/{
    fail();
  }/*>*/;
  toString() /*<toString*/{
    fail();
    return '';
  }/*>*/
  [Symbol.iterator]() /*<iterator*/{
    fail();
  }/*>*/
}
class Basket extends Cart {
  constructor() /*<Basket*/{
    super(true);
  }/*>*/
  reveal() /*<revealBasket*/{
    super.reveal();
  }/*>*/
}

cases.constructor = () => /*<constructorCase*/{
  new Cart(true);
}/*>*/;
cases.derived = () => /*<derivedCase*/{
  new Basket();
}/*>*/;
cases.getter = () => /*<getterCase*/{
  void new Cart().total;
}/*>*/;
cases.setter = () => /*<setterCase*/{
  new Cart().total = 'value';
}/*>*/;
cases.staticMethod = () => /*<staticCase*/{
  Cart.create();
}/*>*/;
cases.privateMethod = () => /*<privateCase*/{
  new Cart().reveal();
}/*>*/;
cases.generator = () => /*<generatorCase*/{
  for (const item of new Cart().items()) void item;
}/*>*/;
cases.field = () => /*<fieldCase*/{
  new Cart().onClick();
}/*>*/;
cases.toPrimitive = () => /*<primitiveCase*/{
  void `${new Cart()}`;
}/*>*/;
cases.symbolMethod = () => /*<symbolCase*/{
  void [...new Cart()];
}/*>*/;

cases.arrayMap = () => /*<mapCase*/{
  [1].map(function each() /*<each*/{
    fail();
  }/*>*/);
}/*>*/;
cases.sort = () => /*<sortCase*/{
  [2, 1].sort(function compare() /*<compare*/{
    fail();
  }/*>*/);
}/*>*/;
cases.replace = () => /*<replaceCase*/{
  'a'.replace(/a/, function replacer() /*<replacer*/{
    fail();
  }/*>*/);
}/*>*/;
cases.toJson = () => /*<jsonCase*/{
  JSON.stringify({
    toJSON() /*<toJSON*/{
      fail();
    }/*>*/,
  });
}/*>*/;
cases.parse = function parses() /*<parses*/{
  JSON.parse('{"a":1,}');
}/*>*/;
cases.reflect = () => /*<reflectCase*/{
  Reflect.apply(fail, null, ['reflected']);
}/*>*/;
cases.bound = () => /*<boundCase*/{
  fail.bind(null, 'bound')();
}/*>*/;
cases.proxy = () => /*<proxyCase*/{
  void new Proxy({}, {
    get() /*<trap*/{
      fail();
    }/*>*/,
  }).any;
}/*>*/;
cases.tagged = () => /*<taggedCase*/{
  function tag() /*<tag*/{
    fail();
  }/*>*/
  tag`a${1}b`;
}/*>*/;
cases.defaultParameter = () => /*<defaultCase*/{
  (/*<takes*/function takes(value = fail()) {
    return value;
  }/*>*/)();
}/*>*/;

cases.nameWithAt = () => /*<atCase*/{
  const odd = {
    'a@b.c:1'() /*<a@b.c:1*/{
      fail();
    }/*>*/,
  };
  odd['a@b.c:1']();
}/*>*/;
cases.nameWithBrackets = () => /*<bracketCase*/{
  const odd = {
    'a (b) c'() /*<a (b) c*/{
      fail();
    }/*>*/,
  };
  odd['a (b) c']();
}/*>*/;
cases.nameInUnicode = () => /*<unicodeCase*/{
  (function größe漢() /*<größe漢*/{
    fail();
  }/*>*/)();
}/*>*/;
cases.computedName = () => /*<computedCase*/{
  const key = 'made' + 'Up';
  const odd = {
    [key]() /*<madeUp*/{
      fail();
    }/*>*/,
  };
  odd.madeUp();
}/*>*/;
cases.aliased = () => /*<aliasCase*/{
  function original() /*<original*/{
    fail();
  }/*>*/
  const holder = { alias: original };
  holder.alias();
}/*>*/;

cases.messageLikeFrames = function tellsFrames() /*<tellsFrames*/{
  fail('remote said:\n    at Object.remote (https://api.example/x.js:1:2)\nf@https://api.example/y.js:3:4\nend');
}/*>*/;
cases.messageEmpty = function tellsNothing() /*<tellsNothing*/{
  fail('');
}/*>*/;
cases.namedError = function throwsNamed() /*<throwsNamed*/{
  class PaymentError extends Error {
    name = 'PaymentError';
  }
  throw new PaymentError('declined');
}/*>*/;
cases.changedMessage = function changes() /*<changes*/{
  try {
    fail('first');
  } catch (error) {
    error.message = `while changing: ${error.message}`;
    throw error;
  }
}/*>*/;
cases.domException = function asksWrongly() /*<asksWrongly*/{
  document.querySelector('!');
}/*>*/;
cases.recursion = () => /*<recursionCase*/{
  /*<deeper*/function deeper() {
    deeper();
    return 1;
  }/*>*/
  deeper();
}/*>*/;
cases.aggregate = /*<waitsForAny*/async function waitsForAny() {
  throw new AggregateError([new Error('one')], 'all failed');
}/*>*/;

cases.evaluated = function evaluates() /*<evaluates*/{
  eval('fail()');
}/*>*/;
cases.evaluatedFunction = function evaluates() /*<evaluatesFunction*/{
  eval('(function inEval() { fail(); return 1; })()');
}/*>*/;
cases.evaluatedTwice = function evaluates() /*<evaluatesTwice*/{
  eval('eval("fail()")');
}/*>*/;
cases.newFunction = function constructs() /*<constructs*/{
  new Function('fail(); return 1;')();
}/*>*/;
cases.evaluatedWithName = function evaluates() /*<evaluatesNamed*/{
  eval('fail()\n//# sourceURL=webpack-internal:///./src/cart.js');
}/*>*/;
cases.timerText = () => /*<timerText*/{
  setTimeout('fail("by text")', 0);
  return new Promise(() => {});
}/*>*/;
cases.timer = () => {
  setTimeout(function late() /*<late*/{
    fail();
  }/*>*/, 0);
  return new Promise(() => {});
};
cases.microtask = () => {
  queueMicrotask(function soon() /*<soon*/{
    fail();
  }/*>*/);
  return new Promise(() => {});
};
cases.listener = () => /*<listenerCase*/{
  const button = document.createElement('button');
  button.addEventListener('click', function clicked() /*<clicked*/{
    fail();
  }/*>*/);
  button.click();
  return new Promise(() => {});
}/*>*/;
cases.attribute = () => /*<attributeCase*/{
  document.getElementById('attribute').click();
  return new Promise(() => {});
}/*>*/;
cases.observer = () => {
  new MutationObserver(function mutated() /*<mutated*/{
    fail();
  }/*>*/).observe(document.body, { attributes: true });
  document.body.setAttribute('data-x', '1');
  return new Promise(() => {});
};
cases.element = () => /*<elementCase*/{
  customElements.define('x-broken', class Broken extends HTMLElement {
    connectedCallback() /*<connectedCallback*/{
      fail();
    }/*>*/
  });
  document.body.append(document.createElement('x-broken'));
  return new Promise(() => {});
}/*>*/;
