// What can be asked of any constructor and of what it makes.

/** What a constructor throws. */
export const thrown = (t, constructor, lists) => lists.map((args) => t.now(() => new constructor(...args)));

/** The relations between a constructor and what it makes. */
export function relations(made, constructor) {
  return {
    constructor: made.constructor === constructor,
    prototype: constructor.prototype.constructor === constructor,
    parent: Object.getPrototypeOf(made) === constructor.prototype,
    isInstance: [made instanceof constructor, made instanceof EventTarget],
    has: constructor[Symbol.hasInstance] === Function.prototype[Symbol.hasInstance],
    tag: Object.prototype.toString.call(made),
    own: Reflect.ownKeys(made).map(String),
    constants: Object.entries(constructor),
    inherits: Object.getPrototypeOf(constructor) === EventTarget,
  };
}
